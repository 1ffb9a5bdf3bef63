"""How often strangers may ask for mails: by network, by address, and all of them together. Kept in memory alone."""

from __future__ import annotations

import hashlib
import math
import time
from typing import Final

from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

PER_NETWORK: Final = 20  # an hour: an office behind one address may hear of a list together
PER_ADDRESS: Final = 3  # a day, beside the one an hour that the database holds
NOTICES: Final = (
    2  # a day that tell an address it was unsubscribed: by a forwarded link that can be done again and again
)
SIGN_INS: Final = (
    20  # a minute, with a wrong token: of 32 characters nobody finds one so, and its owner does not wait long
)
PER_SITE: Final = 500  # an hour: what a bot with many networks can have sent at most

_SIGN_INS: Final = RateLimitItemPerMinute(SIGN_INS)


class MailLimits:
    """Counts what was asked for, by the process. A restart forgets it; one mail an hour to an address holds for ever."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def network_may(self, network: str) -> bool:
        """Whether anybody in this network may ask once more; counts it."""
        return self._limiter.hit(RateLimitItemPerHour(PER_NETWORK), "network", network)

    def site_may(self) -> bool:
        """Whether anybody at all may have one more mail sent; counts it."""
        return self._limiter.hit(RateLimitItemPerHour(PER_SITE), "site")

    def notice_may(self, key: str) -> bool:
        """Whether an address may be told once more that it was unsubscribed; counts it."""
        return self._limiter.hit(RateLimitItemPerDay(NOTICES), "notice", _hidden(key))

    def work_may(self, challenge: str) -> bool:
        """Whether the work on a challenge was not brought before; counts it."""
        return self._limiter.hit(RateLimitItemPerHour(1, 2), "work", challenge)

    def sign_in_may(self, network: str) -> bool:
        """Whether anybody in this network may try one more admin token; counts it."""
        return self._limiter.hit(_SIGN_INS, "sign in", network)

    def signed_in(self, network: str) -> None:
        """It was the right one: the tries of this network are forgotten."""
        self._limiter.clear(_SIGN_INS, "sign in", network)

    def sign_in_wait(self, network: str) -> int:
        """After how many seconds it may try again, where it may not now."""
        until = self._limiter.get_window_stats(_SIGN_INS, "sign in", network).reset_time
        return max(1, math.ceil(until - time.time()))

    def address_may(self, key: str) -> bool:
        """Whether one more mail may go to an address, which is compared as `mail_key` gives it; counts it."""
        return self._limiter.hit(RateLimitItemPerDay(PER_ADDRESS), "address", _hidden(key))


def _hidden(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
