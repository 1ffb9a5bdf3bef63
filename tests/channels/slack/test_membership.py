"""What `check` says of a Slack channel before anything is posted there."""

import pytest
from servers.slack import SlackServer

from digestbot.channels.slack.channel import Slack
from digestbot.channels.slack.membership import lacking
from digestbot.errors import PermanentFailure

POSTING = "chat:write,channels:history"


def tried(slack: SlackServer, address: str) -> str:
    """What is wrong with the channel; empty where nothing is."""
    channel = Slack(slack.token, api_url=slack.url)
    channel.check()
    try:
        channel.check_recipient(address)
    except PermanentFailure as error:
        return str(error)
    assert slack.messages == []
    return ""


@pytest.mark.parametrize("address", ["#chips", "C0CHIPS000"])
def test_a_channel_that_takes_messages_is_fine(address: str):
    """By its name and by its ID."""
    with SlackServer() as slack:
        assert tried(slack, address) == ""


@pytest.mark.parametrize("address", ["#chips", "C0CHIPS000"])
def test_what_the_morning_would_find_is_found(address: str):
    """An archived channel, one that the bot is not in, one that is not there: each with what to do."""
    with SlackServer() as slack:
        slack.archived = {"chips"}
        assert "is archived" in tried(slack, address)
        slack.archived, slack.outside = set(), {"chips"}
        assert "/invite @digestbot" in tried(slack, address)
        slack.scopes += ",chat:write.public"
        assert tried(slack, address) == ""
        slack.channels = {}
        assert "chips" in tried(slack, address).lower()


def test_a_name_that_was_archived_may_be_in_use_again():
    """Of two channels of one name the one that is in use counts."""
    with SlackServer(channels={"C0OLD00000": "old", "C0CHIPS000": "chips"}) as slack:
        slack.archived = {"old"}
        assert tried(slack, "#chips") == ""
        assert "is archived" in tried(slack, "#old")


def test_where_nobody_tells_nothing_is_said():
    """Without the scopes to look, or to look at private channels, a channel may be there all the same."""
    with SlackServer(scopes=POSTING) as slack:
        assert tried(slack, "#nowhere") == ""
    with SlackServer(scopes=f"{POSTING},channels:read") as slack:
        assert tried(slack, "#private") == ""


def test_each_scope_is_named_with_what_it_is_for():
    """Either of a pair is enough."""
    assert lacking({"groups:history", "channels:read"}) == ""
    assert "channels:history" in lacking({"channels:read"})
    assert "to see beforehand" in lacking({"channels:history"})
