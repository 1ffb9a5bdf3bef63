"""The channels of a configuration: what is wrong with them, and the ones to send through."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from ..errors import ConfigError
from ..model import LIST_CHANNEL, Account, Recipient
from ..ports import Advice, Channel, Wanted
from ..settings import CHANNELS, DigestSettings, Loaded, split_lists

_log = logging.getLogger(__name__)


@runtime_checkable
class RecipientCheck(Protocol):
    """A channel that can also try one recipient without sending anything; `digestbot check` asks those that can."""

    def check_recipient(self, address: str) -> None:
        """Raises one of the DeliveryErrors where a message to this address would certainly be refused today."""


@runtime_checkable
class HasAccounts(Protocol):
    """A plug-in whose channel sends at the pace of its accounts."""

    def accounts(self, settings: Mapping[str, Any]) -> tuple[Account, ...]:
        """As configured. Asks nobody."""


@runtime_checkable
class RecordCheck(Protocol):
    """A plug-in whose sender needs records of others; `digestbot check --dns` looks them up."""

    def records(self, settings: Mapping[str, Any], wanted: Sequence[Wanted]) -> Sequence[Advice]:
        """How they ought to be. Asks nobody."""

    def look_up(self, settings: Mapping[str, Any], wanted: Sequence[Wanted]) -> Sequence[Advice]:
        """The same records, as they are. Asks name servers."""


def channels(loaded: Loaded, *, without: Collection[str] = ()) -> dict[str, Channel]:
    """The channels that this configuration has the settings for, by scheme; nothing connects until something is sent.

    Args:
        loaded: the configuration.
        without: schemes of channels that are not to be opened.
    """
    for problem in CHANNELS.problems:
        _log.error("%s", problem.sentence)
    opened = {
        scheme: plugin.open(loaded.settings.channels, base=loaded.base)
        for scheme, plugin in CHANNELS.plugins.items()
        if scheme not in without
    }
    return {scheme: channel for scheme, channel in opened.items() if channel is not None}


def mail_accounts(loaded: Loaded) -> tuple[Account, ...]:
    """The accounts that mail is sent through, and what each may send; none where no mail is."""
    plugin = CHANNELS.plugins[LIST_CHANNEL]
    return plugin.accounts(loaded.settings.channels) if isinstance(plugin, HasAccounts) else ()


def wanted_channels(loaded: Loaded, digests: Mapping[str, DigestSettings]) -> dict[str, tuple[Wanted, ...]]:
    """The recipients of these digests and of alerts, by scheme; every scheme has its tuple, perhaps an empty one."""
    named = [(f"DIGESTBOT_DIGESTS__{name.upper()}__TO", digest.to) for name, digest in digests.items()]
    named.append(("DIGESTBOT_ALERTS__TO", loaded.settings.alerts.to))
    return _by_scheme(named)


def _by_scheme(named: Iterable[tuple[str, Iterable[Recipient]]]) -> dict[str, tuple[Wanted, ...]]:
    """Recipients by the scheme of their channel, each beside the words for what names it."""
    wanted = [(one, key) for key, to in named for one in to]
    return {
        scheme: tuple(Wanted(one.address, key) for one, key in wanted if one.channel == scheme)
        for scheme in CHANNELS.plugins
    }


def used_channels(loaded: Loaded, digests: Mapping[str, DigestSettings]) -> dict[str, tuple[Wanted, ...]]:
    """The same, and the lists of these digests beside the recipients of the channel by which their readers are sent to."""
    wanted = wanted_channels(loaded, digests)
    to_lists = [(f"DIGESTBOT_DIGESTS__{name.upper()}__TO", split_lists(one.to)[1]) for name, one in digests.items()]
    wanted[LIST_CHANNEL] += tuple(Wanted(f"list:{one}", key) for key, names in to_lists for one in names)
    return wanted


def channel_problems(loaded: Loaded, digests: Mapping[str, DigestSettings]) -> dict[str, tuple[ConfigError, ...]]:
    """What has to be put right before these digests and alerts can be delivered, by scheme; only where there is something."""
    return _problems(loaded, used_channels(loaded, digests))


def recipient_problems(loaded: Loaded, recipients: Collection[Recipient]) -> tuple[ConfigError, ...]:
    """What has to be put right before these can be sent to; a reason says "the recipient", as no setting names them."""
    found = _problems(loaded, _by_scheme([("the recipient", recipients)]))
    return tuple(error for errors in found.values() for error in errors)


def _problems(loaded: Loaded, wanted: Mapping[str, Sequence[Wanted]]) -> dict[str, tuple[ConfigError, ...]]:
    found = {
        scheme: plugin.problems(loaded.settings.channels, wanted[scheme], base=loaded.base)
        for scheme, plugin in CHANNELS.plugins.items()
    }
    return {scheme: tuple(_placed(error, loaded) for error in errors) for scheme, errors in found.items() if errors}


def delivery_problems(loaded: Loaded, digests: Mapping[str, DigestSettings]) -> tuple[ConfigError, ...]:
    """Everything that has to be put right before these digests can be delivered; a preview needs none of it."""
    keys = [f"DIGESTBOT_DIGESTS__{name.upper()}__TO" for name, digest in digests.items() if not digest.to]
    nobody = [ConfigError(key, "has no recipients", f"write {CHANNELS.examples}") for key in keys]
    found = channel_problems(loaded, digests)
    return (*nobody, *(error for errors in found.values() for error in errors))


def channel_advice(loaded: Loaded, *, dns: bool = False) -> tuple[Advice, ...]:
    """What the owner of this configuration should see to besides.

    Args:
        loaded: the configuration.
        dns: look up the records that can be looked up, instead of telling how they ought to be.
    """
    wanted = wanted_channels(loaded, loaded.digests)
    plugins = CHANNELS.plugins.items()
    settings, made = loaded.settings.channels, list[Advice]()
    for scheme, plugin in plugins:
        made += plugin.advice(settings, wanted[scheme])
        if isinstance(plugin, RecordCheck):
            made += (plugin.look_up if dns else plugin.records)(settings, wanted[scheme])
    return tuple(made)


def _placed(error: ConfigError, loaded: Loaded) -> ConfigError:
    """The same error with its line in the file."""
    return ConfigError(error.key, error.reason, error.fix, line=error.line or loaded.lines.get(error.key))
