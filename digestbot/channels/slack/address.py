"""How Slack channels and webhooks are written as recipients."""

from __future__ import annotations

import re

from ...text.setting_values import wrong
from .settings import WEBHOOKS

# What only a web address holds: somebody put a webhook's address, which is a secret, where a name belongs.
_WEB_ADDRESS = re.compile(r"https?:|//|/services/", re.IGNORECASE)
_ID = re.compile(r"[CDGUW][A-Z0-9]{6,}")  # of a channel, a conversation, a group or a user
_NO_NAME = re.compile(r"[\s#,:<>|\x00]")
_FIX_WEBHOOK = f"put a webhook's address into {WEBHOOKS}__NAME=https://..., and write slack-webhook:name here"


def is_id(address: str) -> bool:
    """Whether an address is Slack's own ID of a channel, such as C0123456789, and no name."""
    return _ID.fullmatch(address) is not None


def canonical_channel(address: str) -> str | None:
    """`chips` and `#Chips` are one channel, `#chips`; an ID stays as it is; None for what can be neither."""
    name = address.strip().removeprefix("#")
    if not name or _NO_NAME.search(name):
        return None
    return name if is_id(name) else "#" + name.casefold()


def parse_channel(text: str) -> str:
    """`#chips`, `chips` or `C0123456789`, as written."""
    refuse_web_address(text)
    if canonical_channel(text) is None:
        raise wrong("is not a Slack channel", "write slack:#channel or slack:C0123456789")
    return text.strip()


def parse_webhook(text: str) -> str:
    """The name of a webhook, in lower case."""
    refuse_web_address(text)
    if not re.fullmatch(r"\w+", text):
        fix = f"write slack-webhook:name, with the name from {WEBHOOKS}__NAME"
        raise wrong("is not the name of a webhook", fix)
    return text.lower()


def refuse_web_address(text: str) -> None:
    if _WEB_ADDRESS.search(text):
        raise wrong("is a web address, not a recipient", _FIX_WEBHOOK)


def suggest_webhook(text: str) -> str:
    return _FIX_WEBHOOK if _WEB_ADDRESS.search(text) else ""
