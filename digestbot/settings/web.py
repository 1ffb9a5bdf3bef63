"""The settings of the site: DIGESTBOT_WEB__..."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from ..text.setting_values import SecretFile, SettingsGroup, Switch, from_text, parse_number, wrong
from ..text.web_addresses import is_on_this_machine
from .values import parse_networks

_LEAST_KEY: Final = 32  # characters; `openssl rand -base64 32` gives 44
_MOST_KEYS: Final = 2  # of today, and of before
_LEAST_BITS, _MOST_BITS = 8, 22  # of a proof of work: beyond, a telephone counts for minutes
_HIGHEST_PORT: Final = 65_535
# Every request has these, whoever asks.
_NOT_A_NAME: Final = {"host", "cookie", "origin", "referer", "user-agent", "accept", "connection", "x-forwarded-for"}


def _key(text: SecretStr) -> SecretStr:
    words = text.get_secret_value().split()
    fix = "make one with: openssl rand -base64 32"
    if not words or min(map(len, words)) < _LEAST_KEY:
        raise wrong(f"is too short to be safe: {_LEAST_KEY} characters are the least", fix)
    if len(words) > _MOST_KEYS:
        raise wrong("holds more than two keys", "write the new one, a blank, and the one before it")
    return text


def _site(text: str) -> str:
    """`https://digest.example.com/news`, without a slash at its end."""
    import idna  # noqa: PLC0415 -- takes time to import, and few configurations have a site

    fix = "write https://digest.example.com, or https://example.com/news"
    try:
        found = urlsplit(text.strip())
        port = found.port
        host = (
            idna.encode(found.hostname or "", uts46=True).decode()
            if not (found.hostname or "").isascii()
            else found.hostname
        )
    except (ValueError, idna.IDNAError):
        raise wrong("is not the address of a site", fix) from None
    plain = re.fullmatch(r"[a-z0-9._:-]+", host or "") and re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)*/?", found.path)
    if (
        found.scheme not in ("https", "http")
        or not plain
        or found.query
        or found.fragment
        or found.username is not None
    ):
        raise wrong("is not the address of a site", fix)
    here = is_on_this_machine(host or "")
    if found.scheme == "http" and not here:
        raise wrong("would send readers' tokens in the clear", "write https://")
    named = f"[{host}]" if ":" in (host or "") else host
    return f"{found.scheme}://{named}{f':{port}' if port else ''}{found.path.rstrip('/')}"


def _admin_token(text: SecretStr) -> SecretStr:
    if len(text.get_secret_value().strip()) < _LEAST_KEY:
        raise wrong(
            f"is too short to be safe: {_LEAST_KEY} characters are the least", "make one with: openssl rand -base64 32"
        )
    return SecretStr(text.get_secret_value().strip())


def _header(text: str) -> str:
    """The name of a field that a proxy of the owner writes: who is signed in there."""
    name = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9-]{1,60}", name) or name in _NOT_A_NAME:
        raise wrong("is not the name of a header that says who asks", "write X-Forwarded-User, or Remote-User")
    return name


def _listen(text: str) -> str:
    """`127.0.0.1:8080` or `[::1]:8080`: a number, not a name that may mean another machine tomorrow."""
    fix = "write 127.0.0.1:8080 for this machine alone, or 0.0.0.0:8080 for all"
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)|localhost):(\d{1,5})", text.strip())
    if found is None:
        raise wrong("is not an address to listen on", fix)
    host = found[1] or found[2] or "127.0.0.1"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        raise wrong("is not an address to listen on", fix) from None
    if int(found[3]) > _HIGHEST_PORT:
        raise wrong("has a port that is no number from 0 to 65535", fix)
    return f"[{host}]:{found[3]}" if ":" in host else f"{host}:{found[3]}"


def _bits(text: str) -> int:
    bits = parse_number(text)
    if bits and not _LEAST_BITS <= bits <= _MOST_BITS:
        raise wrong(
            f"is out of range: 0 for none, or from {_LEAST_BITS} to {_MOST_BITS}",
            "write 16: a second of a usual computer",
        )
    return bits


Key = Annotated[SecretStr, AfterValidator(_key)]
AdminToken = Annotated[SecretStr, AfterValidator(_admin_token)]
Networks = Annotated[tuple[str, ...], from_text(parse_networks)]


class WebSettings(SettingsGroup):
    """The site: where it listens, where links to it lead, and whom it believes."""

    listen: Annotated[str, from_text(_listen)] = ""
    url: Annotated[str, from_text(_site)] = ""
    key: Key | None = None
    key_file: SecretFile | None = None
    proxies: Networks = ()
    trusted_header: Annotated[str, from_text(_header)] = ""
    admin_token: AdminToken | None = None
    admin_token_file: SecretFile | None = None
    index: Switch = False
    work: Annotated[int, from_text(_bits)] = 0

    @property
    def path(self) -> str:
        """What stands before every path of the site: `/news`; empty where it has a host of its own."""
        return urlsplit(self.url).path.rstrip("/")
