"""What the pipeline needs from the outside: the page for whoever writes an adapter or a channel.

Adapters take plain arguments, never the settings. All of them are called from one thread unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from .errors import ConfigError
from .model import Delivery, DeliveryState, Edition, EditionState, Feed, FeedState, Item, Message, Story, Summary


class Summarise(Protocol):
    """Chooses sentences of a story's items."""

    def __call__(self, story: Story, *, words: int, exclude: Sequence[str] = ()) -> Summary:
        """Quote about `words` words, or nothing where nothing is worth it; nothing like `exclude`, which readers know. Never raises."""


# Everything here serves one order: freeze the bytes, claim durably, send, record. A claim without an outcome may have
# arrived, which is why a channel has `find_sent`.
class Channel(Protocol):
    """A way to a reader: `encode` fixes the bytes, `send` sends them, `find_sent` asks afterwards whether they arrived."""

    name: str  # the scheme in `slack:#chips`
    visibility_delay: float  # seconds after a lost answer in which a message may still appear

    def canonical(self, address: str) -> str:
        """One spelling for every way to write the same address; raises PermanentFailure when it is none."""

    def encode(self, message: Message, address: str, *, key: str, now: datetime) -> tuple[bytes, ...]:
        """The final bytes of every part, in sending order; pure, so that a retry sends the same bytes.

        `key` is an opaque name for this message to this address; part n is `f"{key}-{n}"` where the message carries it.
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


class Wanted(NamedTuple):
    """A recipient of a channel, and the setting that names it."""

    address: str  # as `ChannelPlugin.parse_address` returned it
    key: str  # DIGESTBOT_DIGESTS__MORNING__TO, DIGESTBOT_ALERTS__TO


class Advice(NamedTuple):
    """Something worth doing that digestbot cannot look up or do itself; `digestbot check` shows it."""

    key: str  # what it is about: "SPF"
    reason: str
    fix: str


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


class Items(Protocol):
    """Everything collected."""

    def states(self) -> Mapping[str, FeedState]:
        """What is remembered of every feed that was ever read, by name."""

    def save(self, state: FeedState, items: Sequence[Item], *, now: datetime) -> int:
        """Store one reading of a feed in one transaction; returns how many items were new.

        An item is known when any of its keys is known in its feed: then it keeps its id and its `first_seen`, and takes
        the new title, text and date. `now` becomes the `first_seen` of a new one.
        """

    def save_all(self, readings: Sequence[tuple[FeedState, Sequence[Item]]], *, now: datetime) -> int:
        """Readings of several feeds, each as `save` does it, all in one transaction; how many items were new."""

    def window(
        self, digest: str, *, since: datetime, until: datetime, oldest: datetime, late: bool = True
    ) -> tuple[Item, ...]:
        """The items that belong to an edition of `digest` with this window, by effective time, then id.

        That is: in no edition of this digest yet; effective time at or before `until` and after `oldest`; and after
        `since`, or first seen after `since` (it arrived too late for the edition it should have been in). A digest's
        first edition passes `late=False`: there is none that an item could have been late for.
        """

    def recent(self, *, since: datetime, until: datetime) -> tuple[Item, ...]:
        """Every item whose effective time lies in (since, until], whatever edition it was in."""

    def find(self, reference: str) -> tuple[Item, ...]:
        """Items by id or canonical URL."""

    def cap_times(self, *, now: datetime) -> None:
        """Take items for seen now that a clock which was ahead has marked as seen later."""

    def prune(self, *, before: datetime) -> int:
        """Delete items that are older and that their feed no longer carries; editions stay. Returns how many."""


class Editions(Protocol):
    """Which editions exist, for which day, in which state."""

    def latest(self, digest: str, *, until: datetime) -> Edition | None:
        """The last edition whose window was used (ready, done or empty) and ended by then, not in its future."""

    def get(self, digest: str, day: date) -> Edition | None:
        """The edition of this digest and date, None when there is none."""

    def history(self, digest: str, *, limit: int = 30) -> tuple[Edition, ...]:
        """Newest first."""

    # Not `claimed`: such an edition was cut off before it was published, and is still to be made.
    def dates(self, digest: str) -> frozenset[date]:
        """Every date that has an edition in any state but `claimed`: no further edition is begun for it."""

    def claim(self, edition: Edition) -> Edition:
        """Insert the edition, or return the one that exists for this digest and date, with its own window.

        One that was missed is made after all: it gets this window.
        """

    def publish(self, edition: Edition, content: str, deliveries: Sequence[Delivery], *, used: Sequence[str]) -> None:
        """One transaction: the content, which items it used, every delivery; the edition becomes ready.

        `used` names every item of its window, shown or not: none of them returns in a later edition of this digest.
        A second call for the same edition changes nothing; a StoreError is raised for one that was never claimed.
        """

    def set_state(self, digest: str, day: date, state: EditionState, *, used: Sequence[str] = ()) -> None:
        """Set the state of an edition; `missed` and `empty` may be set without a claim.

        An `empty` edition uses its window up: `used` as in `publish`. Neither state replaces one that went out.
        """

    def forget_unsent(self, digest: str, *, after: date) -> tuple[date, ...]:
        """Delete editions of later dates of which nothing was sent, and what they used; returns their dates, oldest first."""

    def published(self, digest: str, *, since: date) -> tuple[tuple[date, str], ...]:
        """Date and content (JSON) of the editions after `since` that went out, oldest first."""


class Outbox(Protocol):
    """Every delivery, sent or not, by its key; listed without payloads, to save memory. A change is durable at its return."""

    def open(self, *, digest: str | None = None, day: date | None = None) -> tuple[Delivery, ...]:
        """Deliveries not in a final state, without payloads; parents before replies, oldest edition first."""

    def all(
        self, *, digest: str | None = None, day: date | None = None, states: Collection[DeliveryState] | None = None
    ) -> tuple[Delivery, ...]:
        """Every delivery, or those in some states, without payloads, in the order of `open`."""

    def tally(self, *, digest: str) -> Mapping[tuple[date, DeliveryState], int]:
        """How many deliveries of each edition are in which state."""

    def add(self, frozen: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """Deliveries of an edition that is published, to others than it was; those that were not there are returned."""

    def payload(self, delivery: Delivery) -> bytes:
        """The bytes that were frozen for it; empty when they were pruned."""

    def claim(self, delivery: Delivery, *, now: datetime, sent: Delivery | None = None) -> Delivery | None:
        """pending -> sending, attempts + 1, committed and synced; returned with its payload.

        None when another process has claimed it, or has tried it since `delivery` was read. Either way `sent`, where one
        is given, is recorded as sent, with its `remote_id`, in the same transaction: one sync to the disk for both.
        """

    def claim_clock(self, now: datetime) -> datetime:
        """The time by the clock that dates claims: `now`, or that of a database that machines share."""

    def abandoned(self, delivery: Delivery) -> bool:
        """Whether whoever claimed it certainly sends it no more: it has ended, or is the thread that asks."""

    def record_outcome(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        remote_id: str = "",
        error: str = "",
        not_before: datetime | None = None,
        address_gone: bool = False,
    ) -> Delivery:
        """Record what became of a delivery, as `claim` or `open` returned it; `pending` allows another attempt.

        Returns the row afterwards, without payload. When another process has changed the state meanwhile, its change is
        kept; only `sent` is always recorded, for what has arrived has arrived. Raises a StoreError for an unknown one.
        """

    def set_aside(self, delivery: Delivery, state: DeliveryState, **outcome: Any) -> bool:
        """Keep beside the database what `record_outcome` could not record; False where there is no place for it."""

    def take_up(self) -> tuple[Delivery, ...]:
        """Record what was set aside, as `record_outcome` does, and forget it there. Returns the rows afterwards."""

    def refused(self, *, digest: str, day: date) -> tuple[Delivery, ...]:
        """Deliveries of an edition that did not arrive because their address is gone, without payloads."""

    # A new deadline, because the old one is usually over when an operator looks.
    def requeue(self, delivery: Delivery, *, deadline: datetime) -> Delivery | None:
        """From a final state to pending, as an operator wants: the row afterwards, None where its bytes were pruned."""

    def prune(self, *, before: date) -> int:
        """Delete the payloads of finished deliveries of older editions; the rows stay. Returns how many."""


class Alerts(Protocol):
    """Which alerts were sent to the operator, so that a restart repeats none."""

    def open_alerts(self) -> Mapping[str, str]:
        """What is broken and why, oldest first."""

    def record(self, begun: Mapping[str, str], *, forget: Collection[str], now: datetime) -> None:
        """In one transaction: add alerts that were sent at `now`, and delete the subjects that work again."""


class Store(Protocol):
    """All of it on one database."""

    @property
    def items(self) -> Items: ...

    @property
    def editions(self) -> Editions: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def alerts(self) -> Alerts: ...

    # Two installations may have digests of one name for one channel: neither may take the other's messages as its own.
    def installation_id(self) -> str:
        """A random word that no other database has; it survives a restored backup. Part of every delivery's key."""

    def close(self) -> None:
        """End the connections to the database."""


class Progress(Protocol):
    """Shows what is going on while it goes on."""

    def stage(self, name: str, *, total: int | None = None) -> None:
        """A new stage begins; `total` steps, where that is known."""

    def step(self, what: str = "", *, feed: Feed | None = None) -> None:
        """One step of the stage is done."""

    def done(self, **figures: object) -> None:
        """The stage ended: figures worth a line."""
