"""Which channels there are: ours, one folder each, and those of other packages, found by their entry points."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from ..errors import ConfigError
from ..ports import ChannelPlugin

GROUP = "digestbot.channels"
_LISTS = "list"  # `list:briefing` names readers, and no channel
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")  # RFC 3986 section 3.1, in lower case
_SETTING = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Every channel that may be named in a configuration."""

    plugins: Mapping[str, ChannelPlugin]  # by scheme
    problems: tuple[ConfigError, ...] = ()  # plug-ins of other packages that could not be used, and why

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings that channels bring, by lower-case name: models, and `dict[str, model]` for families."""
        return {name: kind for plugin in self.plugins.values() for name, kind in plugin.settings.items()}

    @property
    def examples(self) -> str:
        """A recipient of each channel, for help and errors."""
        *first, last = (plugin.example for plugin in self.plugins.values())
        return f"{', '.join(first)} or {last}" if first else last

    @property
    def renamed(self) -> Mapping[str, str]:
        """Former names of their settings, and the names of today."""
        return {old: new for plugin in self.plugins.values() for old, new in plugin.renamed.items()}

    @property
    def former_schemes(self) -> Mapping[str, str]:
        """Former schemes, and those of today."""
        return {old: plugin.scheme for plugin in self.plugins.values() for old in plugin.former_schemes}

    @property
    def key_schemes(self) -> Mapping[str, str]:
        """How each scheme is spelled inside delivery keys."""
        return {scheme: plugin.key_scheme for scheme, plugin in self.plugins.items()}


def find_channels(*, reserved: Collection[str] = ()) -> Registry:
    """Ours, in the order of their folders, then those of other packages, in the order of their names.

    A plug-in that cannot be imported or that clashes with another is left out and named in `problems`.

    Args:
        reserved: names of settings that no channel may bring: those that digestbot has already.
    """
    plugins = {plugin.scheme: plugin for plugin in _ours()}
    problems: list[ConfigError] = []
    for found in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            loaded = found.load()
            theirs = tuple(loaded) if isinstance(loaded, tuple | list) else (loaded,)
            reason = _unusable(theirs, plugins, reserved)
        except Exception as error:  # noqa: BLE001 -- whatever another package raises is its own affair, and named as such
            reason = f"cannot be loaded: {type(error).__name__}: {error}"
        else:
            if not reason:
                plugins |= {plugin.scheme: plugin for plugin in theirs}
        if reason:
            problems.append(ConfigError(_name(found), reason, "update or uninstall the package"))
    return Registry(plugins=MappingProxyType(plugins), problems=tuple(problems))


def _ours() -> Iterator[ChannelPlugin]:
    package = importlib.import_module(__package__)
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        if module.ispkg:
            yield from importlib.import_module(f"{__package__}.{module.name}").CHANNELS


def _name(found: EntryPoint) -> str:
    package = f" of {found.dist.name}" if found.dist else ""
    return f"the channel plug-in {found.name}{package}"


def _unusable(theirs: Iterable[Any], known: Mapping[str, ChannelPlugin], reserved: Collection[str]) -> str:
    """Why plug-ins cannot be used; empty where they can."""
    brought = {name: kind for plugin in known.values() for name, kind in plugin.settings.items()}
    taken = {*known, _LISTS, *(old for plugin in known.values() for old in plugin.former_schemes)}
    for plugin in theirs:
        lacks = [name for name in _attributes() if not hasattr(plugin, name)]
        if lacks or isinstance(plugin, type):
            return "is no channel plug-in: " + (f"it has no {', '.join(lacks)}" if lacks else "it is a class")
        if not _SCHEME.fullmatch(plugin.scheme):
            return f"has no usable scheme: {plugin.scheme!r}"
        if plugin.scheme in taken:
            return f"brings the scheme {plugin.scheme}:, which there is already"
        for name, kind in plugin.settings.items():
            if not _SETTING.fullmatch(name):
                return f"brings a setting that cannot be written: {name!r}"
            if name in reserved or brought.get(name, kind) != kind:
                return f"brings the settings {name.upper()}, which there are already"
        taken.add(plugin.scheme)
        brought |= plugin.settings
    return ""


def _attributes() -> tuple[str, ...]:
    members = {*vars(ChannelPlugin), *ChannelPlugin.__annotations__}
    return tuple(sorted(name for name in members if not name.startswith("_")))
