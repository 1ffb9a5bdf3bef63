"""A channel and its plug-in: the page for whoever writes one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from ..errors import ConfigError
from ..model import Account, Delivery, Message


# Everything here serves one order: freeze the bytes, claim durably, send, record. A claim without an outcome may have
# arrived, which is why a channel has `find_sent`.
class Channel(Protocol):
    """A way to a reader: `encode` fixes the bytes for all, `fill` those of one, `send` sends them, `find_sent` asks whether they arrived."""

    name: str  # the scheme in `slack:#chips`
    visibility_delay: float  # seconds after a lost answer in which a message may still appear

    def canonical(self, address: str) -> str:
        """One spelling for every way to write the same address; raises PermanentFailure when it is none."""

    def encode(self, message: Message, *, now: datetime) -> tuple[bytes, ...]:
        """The body of every part, in sending order: made and kept once, however many it goes to. Asks nobody."""

    # By nothing but its arguments: a setting that was changed since must not change what a retry sends.
    def fill(self, body: bytes, delivery: Delivery) -> bytes:
        """The final bytes of one delivery: the body with what it alone has, its address and its `key`. Called before every
        attempt, and always with the same result. Bytes that lack nothing stay as they are: an earlier release kept them whole.
        """

    def send(self, delivery: Delivery, *, parent: str) -> str:
        """Send one part and return the name it has where it arrived (Delivery.remote_id).

        `parent` is that name of part 0 when this is a later part, else empty. Call `delivery.require_claim()` right before
        the message's first byte goes out, for another may send meanwhile. Raises one of the four DeliveryErrors alone.
        """

    # None is a promise, for the message is sent again then: whoever is in doubt has to raise.
    def find_sent(self, delivery: Delivery, *, parent: str = "") -> str | None:
        """After a lost answer: the name that `send` would have returned, None when it certainly has not arrived.

        `parent` as in `send`. raises OutcomeUnknown where nobody can be asked, TemporaryFailure where it may be asked later.
        """

    def resend_if_unknown(self, delivery: Delivery) -> bool:
        """Whether to send the same bytes again where nobody can tell whether they arrived (email: yes)."""

    def check(self) -> str:
        """Try the account without sending anything: a sentence of success, or one of the DeliveryErrors."""

    def close(self) -> None:
        """End connections kept open between sends. Never raises."""


class Lane(NamedTuple):
    """One connection to an account, over which one message goes at a time."""

    account: Account
    channel: Channel  # its own, used by one thread alone


@runtime_checkable
class PacedChannel(Protocol):
    """A channel with one or several accounts, each of which may have a pace, several connections and a share."""

    lanes: Sequence[Lane]  # at least one


class Wanted(NamedTuple):
    """A recipient of a channel, and the setting that names it."""

    address: str  # as `ChannelPlugin.parse_address` returned it
    key: str  # DIGESTBOT_DIGESTS__MORNING__TO, DIGESTBOT_ALERTS__TO


class Advice(NamedTuple):
    """Something worth doing that digestbot cannot do itself, or that it has looked up; `digestbot check` shows it."""

    key: str  # what it is about: "SPF"
    reason: str
    fix: str
    level: Literal["ok", "hint", "warning"] = "hint"


class ChannelPlugin(Protocol):
    """What digestbot asks of a kind of channel before it sends anything: its name, its settings, its addresses.

    A package offers its plug-ins under the entry point group `digestbot.channels`; ours are the `CHANNELS` of each folder in
    `digestbot/channels/`. Derive from this class and set or override what is not as the default says. Creating and importing
    a plug-in must be quick: what is slow to import is imported in `open`. docs/write-a-channel.md has an example.
    """

    scheme: str
    """Lower-case word before the colon of a recipient: `slack` in `slack:#chips`. Channel.name is the same."""

    example: str
    """A recipient as help and errors show it: `slack:#channel`."""

    settings: Mapping[str, Any] = {}
    """Its settings by lower-case name: a SettingsGroup (`slack`: DIGESTBOT_SLACK__TOKEN), or `dict[str, SettingsGroup]` for a
    family of them with names of the owner's (`slack_webhooks`: DIGESTBOT_SLACK_WEBHOOKS__NAME). Two plug-ins may share one
    group. All fields have defaults. Secrets are fields of type SecretStr; see `text.setting_values.SettingsGroup`."""

    account: str = ""
    """The setting that `digestbot check` names when the account does not work: DIGESTBOT_SLACK__TOKEN."""

    remedy: str = ""
    """What to look at when the account was refused or could not be reached: the words after "; " of an error."""

    renamed: Mapping[str, str] = {}
    """Former names of its settings, without DIGESTBOT_ and with * for a name of the owner's, and their names today."""

    former_schemes: Collection[str] = ()
    """What its scheme was called in earlier releases."""

    on_this_machine: bool = False
    """Whether its addresses are places of this machine: a page of the site lets nobody name one that the configuration does not."""

    @property
    def key_scheme(self) -> str:
        """The scheme as it is spelled inside delivery keys: it must never change, or half-sent editions would be sent twice."""
        return self.scheme

    def parse_address(self, text: str) -> str:
        """The part of a recipient after the colon in its usual spelling; called when the configuration is read.

        Needs no settings, touches neither disk nor network. raises `text.setting_values.wrong(reason, fix)`.
        """
        ...

    def suggest(self, text: str) -> str:
        """For a recipient without a known scheme: what to write, where it looks like one of this channel; else empty.

        `text` may be a secret in the wrong place: repeat it only where it certainly is none.
        """
        del text
        return ""

    def problems(self, settings: Mapping[str, Any], wanted: Sequence[Wanted], *, base: Path) -> Sequence[ConfigError]:
        """What is missing or wrong in the settings before anything can be delivered; nothing where all is well.

        Asks nobody. Called before every run and by `digestbot check`, also while nobody is to be sent anything.

        Args:
            settings: values by the names in `ChannelPlugin.settings`.
            wanted: this channel's recipients, of digests and alerts, with the settings that name them.
            base: the folder that relative paths in settings start from.
        """
        del settings, wanted, base
        return ()

    def open(self, settings: Mapping[str, Any], *, base: Path) -> Channel | None:
        """The channel that these settings describe, None where they are not given; connects to nobody yet.

        Args:
            settings: as in `problems`, which found nothing wrong with them.
            base: as there.
        """
        ...

    def advice(self, settings: Mapping[str, Any], wanted: Sequence[Wanted]) -> Sequence[Advice]:
        """What an owner who sends to `wanted` should see to, though digestbot works without."""
        del settings, wanted
        return ()
