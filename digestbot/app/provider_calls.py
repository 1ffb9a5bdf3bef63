"""Which mail providers may call, and how their calls are read: joined from the settings and the pure readers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Final
from urllib.parse import urlsplit

from ..channels.email.provider_settings import ProviderSettings
from ..collect.fetch import Fetcher
from ..collect.options import FetchOptions
from ..errors import CollectError
from ..settings import Loaded
from ..subscribers.mailgun import read_mailgun
from ..subscribers.postmark import read_postmark
from ..subscribers.provider_calls import Accepted, Refusal
from ..subscribers.sendgrid import read_sendgrid
from ..subscribers.ses import read_ses

ReadCall = Callable[[Mapping[str, str], bytes, datetime], Accepted | Refusal]
PROVIDERS: Final = ("ses", "postmark", "mailgun", "sendgrid")
_OK: Final = 200
_CERTIFICATES: Final = 8  # SNS has one a region, and another one each year


def provider_reader(loaded: Loaded, provider: str) -> ReadCall | None:
    """How a provider's calls are read; None where nothing is set that could prove them."""
    settings: ProviderSettings = loaded.settings.channels["mail_providers"]
    if provider == "ses" and settings.ses_topics:
        return partial(read_ses, topics=settings.ses_topics, fetch=fetch_certificate)
    if provider == "postmark" and settings.postmark_password:
        password = settings.postmark_password.get_secret_value()
        return partial(read_postmark, username=settings.postmark_username, password=password)
    if provider == "mailgun" and settings.mailgun_key:
        return partial(read_mailgun, signing_keys=(settings.mailgun_key.get_secret_value(),))
    if provider == "sendgrid" and settings.sendgrid_key:
        return partial(read_sendgrid, public_keys=(settings.sendgrid_key,))
    return None


@lru_cache(_CERTIFICATES)
def fetch_certificate(url: str) -> bytes:
    """A certificate of SNS's, kept as long as the process lives.

    Raises:
        OSError: it is not there.
    """
    return fetch_once(url)


def fetch_once(url: str) -> bytes:
    """The bytes at a public address of that very host, by the way that feeds are fetched: past the guard of addresses.

    Raises:
        OSError: they could not be had, or another host answered in its place.
    """
    return asyncio.run(_fetch(url))


async def _fetch(url: str) -> bytes:
    async with Fetcher(FetchOptions()) as fetcher:
        try:
            answer = await fetcher.get(url)
        except CollectError as error:
            raise OSError(str(error)) from None
    if answer.status != _OK or urlsplit(answer.url).netloc != urlsplit(url).netloc:
        raise OSError(f"answered with {answer.status}")
    return answer.body
