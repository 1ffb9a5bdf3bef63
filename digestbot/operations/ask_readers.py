"""What `digestbot subscribers ask` does: ask pending readers by mail whether they want a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ..app.token_keys import token_keys
from ..errors import ConfigError, DeliveryError, PermanentFailure
from ..model import LIST_CHANNEL, Reader, SubscriptionState
from ..ports import Store
from ..settings import CHANNELS, Loaded
from ..text.counting import counted
from .letters import Letters, letter_channel
from .own_hand import ask
from .subscribers import checked

_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of it."""

    sent: int = 0
    rested: int = 0  # were asked in the last hour, or nothing may be sent to them
    problems: tuple[str, ...] = ()  # why mails were not taken
    stopped: bool = False

    def lines(self) -> Iterator[str]:
        yield f"Asked {counted(self.sent, 'reader')}"
        if self.rested:
            yield f"{counted(self.rested, 'reader')} not asked: asked within the last hour, active already, or suppressed"


def ask_readers(
    loaded: Loaded,
    store: Store,
    name: str,
    *,
    address: str | None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    stop: Callable[[], bool] = lambda: False,
) -> Asked:
    """Ask one reader of a list, or all who are pending in it.

    Raises:
        ConfigError: there is no site that the link could lead to, no mail server, or no such reader.
    """
    channel = letter_channel(loaded)
    if channel is None:
        raise ConfigError(CHANNELS.plugins[LIST_CHANNEL].account, "is not set, so nobody can be asked", "set it first")
    if not loaded.settings.web.url:
        fix = "see `digestbot help site`"
        raise ConfigError("DIGESTBOT_WEB__URL", "is not set, and the link of the mail leads there", fix)
    letters = Letters(loaded=loaded, keys=token_keys(loaded, store), channel=channel, clock=clock)
    sent = rested = 0
    problems: list[str] = []
    stopped = False
    try:
        for reader in _pending(store, name, address, clock()):
            if stopped := stop():
                break
            letter = ask(store, reader, name, now=clock()) if _is_pending(reader, name) else None
            if letter is None:
                rested += 1
                continue
            try:
                letters.send(letter)
            except DeliveryError as error:
                problems.append(f"{reader.subscriber.address} was not asked: {error}")
                if isinstance(error, PermanentFailure) and error.account:
                    break  # the next one would be refused in the same way
            else:
                sent += 1
    finally:
        channel.close()
    return Asked(sent=sent, rested=rested, problems=tuple(problems), stopped=stopped)


def _is_pending(reader: Reader, name: str) -> bool:
    one = reader.of(name)
    return one is not None and one.state is SubscriptionState.PENDING


def _pending(store: Store, name: str, address: str | None, now: datetime) -> Iterator[Reader]:
    if address is not None:
        cleaned, _ = checked(address)
        reader = store.subscribers.find(cleaned)
        if reader is None or reader.of(name) is None:
            fix = f"digestbot subscribers add {cleaned} --list {name}"
            raise ConfigError("ADDRESS", f"does not read {name}", fix)
        yield reader
        return
    after = 0
    while page := store.subscribers.page(now=now, name=name, state=SubscriptionState.PENDING, after=after, limit=_PAGE):
        yield from page
        after = page[-1].subscriber.id
