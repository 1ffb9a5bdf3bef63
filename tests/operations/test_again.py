"""`digestbot run --again`: the edition anew, after a topic was mended."""

import json
from datetime import date
from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import AT
from servers.slack import SlackServer
from servers.smtp import SmtpServer

from digestbot.edition.context import DigestSpec
from digestbot.edition.revision import Revision
from digestbot.model import Delivery, DeliveryState, Recipient

DAY = "2026-05-27"
RUN = ("run", "--at", AT)
STATES = st.sampled_from(list(DeliveryState))
PEOPLE = [Recipient(channel="mailto", address=f"{name}@desk.example") for name in ("ann", "bo", "cy", "di")]


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return desk_of_one_feed(tmp_path)


def sections(bot: Bot, out: str = "out") -> list[str]:
    return [section["topic"] for section in bot.digest(DAY, out=out)["sections"]]


def test_who_has_none_gets_it_made_anew_and_nobody_else(bot: Bot):
    """A recipient who was added gets the mended edition; what the first one has stays as it was."""
    assert bot(*RUN).returncode == 0
    before = {path: path.read_bytes() for path in (bot.folder / "out").rglob("*.*")}
    bot.configure(TOPICS__METALS="gold", DIGESTS__MORNING__TO="file:./out, file:./new")
    done = bot(*RUN, "--again")
    assert done.returncode == 0, done.stderr
    assert f"morning {DAY}, revision 1: sent to file:" in done.stdout
    assert all(path.read_bytes() == content for path, content in before.items())
    assert sections(bot, "new") != sections(bot, "out")
    # Now everybody has one of it.
    assert "everybody has it" in bot(*RUN, "--again").stdout
    assert "was made before" in bot(*RUN).stdout


def test_to_all_reaches_those_who_have_one(bot: Bot):
    """A mailbox gets a message of its own by another Message-ID, a channel a second post; each revision once, whatever is run after it."""
    with SmtpServer() as smtp, SlackServer() as slack:
        bot.configure(
            SMTP__HOST="127.0.0.1", SMTP__PORT=str(smtp.port), SMTP__SECURITY="none", SMTP__FROM="d@desk.example",
            SLACK__TOKEN=slack.token, SLACK__API_URL=slack.url, DIGESTS__MORNING__TO="mailto:ann@desk.example, slack:#chips",
        )  # fmt: skip
        assert bot(*RUN).returncode == 0
        posted = len(slack.messages)
        assert "everybody has it" in bot(*RUN, "--again").stdout
        assert (len(smtp.messages), len(slack.messages)) == (1, posted)
        for _ in range(2):
            assert bot(*RUN, "--again", "--to", "mailto:ann@desk.example").returncode == 0
        done = bot(*RUN, "--again", "--to", "all", "--json")
        assert json.loads(done.stdout)[0]["revision"] == 3
        assert bot(*RUN).returncode == 0
        assert bot("resend", "morning").returncode == 0
    identities = [mail.data.lower().split(b"message-id:")[1].split()[0] for mail in smtp.messages]
    assert len(identities) == len(set(identities)) == 4
    assert len(slack.messages) == 2 * posted


def test_a_revision_that_says_the_same_says_so(bot: Bot):
    """In a line and in JSON; one that a mended topic changes does not."""
    assert bot(*RUN).returncode == 0
    done = bot(*RUN, "--again", "--to", "all")
    assert f"morning {DAY}, revision 1: says what the edition said before" in done.stdout
    assert f"morning {DAY}, revision 1: sent to" in done.stdout
    bot.configure(TOPICS__CHIPS="gold, foundry")
    changed = json.loads(bot(*RUN, "--again", "--to", "all", "--json").stdout)[0]
    assert (changed["revision"], changed["unchanged"]) == (2, False)
    assert json.loads(bot(*RUN, "--again", "--to", "all", "--json").stdout)[0]["unchanged"]


def test_before_the_edition_it_is_a_run(bot: Bot):
    """Nothing was made yet, so what is made is the edition, not a revision."""
    assert f"morning {DAY}: sent to file:" in bot(*RUN, "--again").stdout


def test_the_next_edition_is_not_begun_for_it(bot: Bot):
    """Before the next one's time `run --again` makes the last one anew: the next comes when it is planned."""
    assert bot(*RUN).returncode == 0
    before = json.loads(bot("status", "--json").stdout)["digests"][0]["editions"]
    done = bot("run", "--again", "--to", "all")
    assert (done.returncode, DAY in done.stdout) == (0, True)
    after = json.loads(bot("status", "--json").stdout)["digests"][0]["editions"]
    assert [one["edition"] for one in after] == [one["edition"] for one in before] == [DAY]


def test_the_next_edition_tells_what_came_since_the_first(bot: Bot):
    """A revision moves no window: its items are the edition's, and none of them returns tomorrow."""
    assert bot(*RUN).returncode == 0
    bot.configure(TOPICS__CHIPS="gold, foundry")
    assert bot(*RUN, "--again", "--to", "all").returncode == 0
    feeds = json.loads(bot("status", "--json").stdout)["digests"][0]["editions"]
    assert [one["edition"] for one in feeds] == [DAY]
    assert "nothing new" in bot("run", "--at", "2026-05-28T07:30+08:00").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--to", "all"), "--to: stands without --again"),
        (("--again", "--dry-run"), "--again: cannot stand beside"),
        (("--again", "--to", "pigeon:left"), "--to"),
    ],
)
def test_what_cannot_be_meant_is_said(bot: Bot, words: tuple[str, ...], told: str):
    """Usage errors end with 2 before anything is asked."""
    done = bot(*RUN, *words)
    assert (done.returncode, bot.state()) == (2, {"(absent)": b""})
    assert told in done.stderr


def row(who: Recipient, state: DeliveryState, revision: int) -> Delivery:
    return Delivery(digest="m", edition=date.fromisoformat(DAY), recipient=who, state=state, revision=revision)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(PEOPLE), STATES, st.integers(0, 3)), max_size=8),
    st.sets(st.sampled_from(PEOPLE)),
    st.booleans(),
)
def test_nobody_who_may_have_it_gets_it_unasked(
    had: list[tuple[Recipient, DeliveryState, int]], named: set[Recipient], everybody: bool
):
    """The law of who gets a revision: none of it arrived or may arrive, or they are named; and its number is new."""
    deliveries = [row(*one) for one in had]
    spec = DigestSpec(name="m", title="M", recipients=tuple(PEOPLE[:3]))
    newest = max((one.revision for one in deliveries), default=-1)
    made = Revision.of(spec, deliveries, newest=newest, named=named, everybody=everybody)
    lost = (DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.CANCELLED)
    for who in made.recipients:
        assert everybody or who in named or all(one.state in lost for one in deliveries if one.recipient == who)
    for who in spec.recipients:
        assert who in made.recipients or any(one.recipient == who for one in deliveries)
    assert len(set(made.recipients)) == len(made.recipients)
    assert all(one.revision < made.number for one in deliveries)
