"""Recipients as they are written in TO: a channel's scheme, a colon, and an address that the channel checks itself.

Beside the channels stands `list:NAME`: everybody who reads that list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ..channels.registry import Registry
from ..model import Recipient
from ..text.setting_values import nth, split_list, wrong
from ..text.suggestions import closest_match

LIST: Final = "list"
_WEB_ADDRESS = re.compile(r"https?:|://", re.IGNORECASE)


def parse_recipients(text: str, channels: Registry) -> tuple[Recipient, ...]:
    """`slack:#chips, mailto:name@example.com`: all of them, or an error for the first that is wrong."""
    schemes = "|".join(map(re.escape, (*channels.plugins, *channels.former_schemes, LIST)))
    if re.search(rf";(?:\s|$)|[;\s](?:{schemes}):", re.sub(r",\s*", ",", text.strip()), re.IGNORECASE):
        raise wrong("has no comma between two recipients", f"separate them by commas: {channels.examples}")
    parts = [_split(part) for part in _parts(text)]
    old = [(scheme, address) for scheme, address in parts if scheme in channels.former_schemes]
    if old:
        _refuse_former(old, channels)
    return tuple(_recipient(*part, channels, nth(at, len(parts))) for at, part in enumerate(parts, start=1))


def split_lists(recipients: Iterable[Recipient]) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    """Those that a channel sends to, and the names of the lists among them."""
    every = tuple(recipients)
    lists = tuple(one.address for one in every if one.channel == LIST)
    return tuple(one for one in every if one.channel != LIST), lists


def _parts(text: str) -> tuple[str, ...]:
    """At the commas, but for those in the quotes of a name: `mailto:"Desk, night" <desk@example.com>`."""
    found = re.findall(r'(?:"[^"]*"|[^",])+', text) if text.count('"') % 2 == 0 else split_list(text)
    return tuple(part.strip() for part in found if part.strip())


def _split(text: str) -> tuple[str, str]:
    """Scheme and address; no scheme where there is no colon."""
    scheme, colon, address = (part.strip() for part in text.partition(":"))
    return (scheme.lower(), address) if colon else ("", text.strip())


def _refuse_former(old: list[tuple[str, str]], channels: Registry) -> None:
    """One error for every recipient that is written as in an earlier release; what may be a secret is not repeated."""
    scheme = old[0][0]
    now = channels.former_schemes[scheme]
    # A plain word is the name of a webhook. Anything else may be its address, which is a secret.
    written = [f"{channels.former_schemes[one]}:{address}" for one, address in old if re.fullmatch(r"\w+", address)]
    fix = f"write {', '.join(written) or channels.plugins[now].example}"
    raise wrong(f"the recipients {scheme}: are called {now}: now", fix)


def _recipient(scheme: str, address: str, channels: Registry, which: str) -> Recipient:
    if scheme == LIST:
        if not re.fullmatch(r"\w+", address):
            raise wrong(
                f"{which}is not the name of a list", "write list:briefing, and DIGESTBOT_LISTS__BRIEFING__TITLE=..."
            )
        return Recipient(channel=LIST, address=address.lower())
    plugin = channels.plugins.get(scheme)
    if plugin is not None:
        return Recipient(channel=scheme, address=plugin.parse_address(address))
    text = f"{scheme}:{address}" if scheme else address
    guess = closest_match(scheme, (*channels.plugins, LIST)) if scheme else ""
    suggested = next(filter(None, (one.suggest(text) for one in channels.plugins.values())), "")
    fix = suggested or (f"did you mean {guess}:?" if guess else f"write {channels.examples}")
    if _WEB_ADDRESS.search(text):
        raise wrong(f"{which}is a web address, not a recipient", fix)
    raise wrong(f"{which}is not a recipient", fix)
