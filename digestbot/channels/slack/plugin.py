"""Slack as digestbot finds it: by a bot's token, and by incoming webhooks."""

# ruff: noqa: PLC0415 -- slack_sdk takes long to import, and only what sends needs it

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import ConfigError
from ...ports import Channel, ChannelPlugin, Wanted
from ...text.suggestions import closest_match
from . import address
from .settings import WEBHOOKS, SlackSettings, WebhookSettings


class SlackPlugin(ChannelPlugin):
    """`slack:#channel`, by a bot's token."""

    scheme = "slack"
    example = "slack:#channel"
    settings: Mapping[str, Any] = {"slack": SlackSettings}
    account = "DIGESTBOT_SLACK__TOKEN"
    remedy = "look at DIGESTBOT_SLACK__TOKEN and DIGESTBOT_SLACK__API_URL, then run again"
    renamed: Mapping[str, str] = {"SLACK__ON_AMBIGUOUS": "SLACK__ON_UNKNOWN"}

    def parse_address(self, text: str) -> str:
        return address.parse_channel(text)

    def suggest(self, text: str) -> str:
        return "write slack: before the channel" if text.startswith("#") and address.canonical_channel(text) else ""

    def problems(self, settings: Mapping[str, Any], wanted: Sequence[Wanted], *, base: Path) -> Sequence[ConfigError]:
        del base
        slack: SlackSettings = settings["slack"]
        if not wanted or slack.token is not None:
            return ()
        fix = "put the bot's token (xoxb-...) here, or the name of its file into DIGESTBOT_SLACK__TOKEN_FILE"
        return (ConfigError(self.account, f"is missing, and {wanted[0].key} names a Slack channel", fix),)

    def open(self, settings: Mapping[str, Any], *, base: Path) -> Channel | None:
        del base
        slack: SlackSettings = settings["slack"]
        if slack.token is None:
            return None
        from .channel import Slack

        return Slack(
            token=slack.token.get_secret_value(),
            api_url=slack.api_url,
            timeout=slack.timeout.total_seconds(),
            resend_in_doubt=slack.on_unknown == "resend",
        )


class SlackWebhookPlugin(ChannelPlugin):
    """`slack-webhook:name`, by an incoming webhook of that name in the configuration."""

    scheme = "slack-webhook"
    example = "slack-webhook:name"
    settings: Mapping[str, Any] = {"slack_webhooks": dict[str, WebhookSettings], "slack": SlackSettings}
    account = WEBHOOKS
    remedy = f"look at {WEBHOOKS}__NAME and the way to its host, then run again"
    renamed: Mapping[str, str] = {"WEBHOOKS__*": "SLACK_WEBHOOKS__*"}
    former_schemes = ("webhook",)

    @property
    def key_scheme(self) -> str:
        """The scheme of the first release: keys made then are looked for today."""
        return "webhook"

    def parse_address(self, text: str) -> str:
        return address.parse_webhook(text)

    def suggest(self, text: str) -> str:
        return address.suggest_webhook(text)

    def problems(self, settings: Mapping[str, Any], wanted: Sequence[Wanted], *, base: Path) -> Sequence[ConfigError]:
        del base
        known = _addresses(settings)
        return [_unknown(one, known) for one in wanted if one.address not in known]

    def open(self, settings: Mapping[str, Any], *, base: Path) -> Channel | None:
        del base
        slack: SlackSettings = settings["slack"]
        if not (addresses := _addresses(settings)):
            return None
        from .incoming_webhook import Webhook

        return Webhook(
            addresses,
            timeout=slack.timeout.total_seconds(),
            resend_in_doubt=slack.on_unknown == "resend",
        )


def _addresses(settings: Mapping[str, Any]) -> dict[str, str]:
    webhooks: Mapping[str, WebhookSettings] = settings["slack_webhooks"]
    return {name: one.address.get_secret_value() for name, one in webhooks.items() if one.address}


def _unknown(wanted: Wanted, known: Mapping[str, str]) -> ConfigError:
    guess = closest_match(wanted.address, known)
    add = f"add {WEBHOOKS}__NAME=https://hooks.slack.com/services/..., under the name that stands here"
    return ConfigError(
        wanted.key, "names a webhook that is not configured", f"did you mean slack-webhook:{guess}?" if guess else add
    )
