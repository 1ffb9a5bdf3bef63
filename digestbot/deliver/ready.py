"""A claimed delivery as its channel gets it. That of the next one may be made while the channel waits for an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from ..errors import TemporaryFailure
from ..model import Delivery, ReaderWords
from ..ports import Channel
from .patience import steady_seconds


class Ready:
    """Of one connection.

    Args:
        words: what stands in one mail alone.
        claim_timeout: seconds for which a claim is left alone by others; 0 when there are none.
        following: what the channel may ask for while it waits.
    """

    def __init__(
        self,
        words: Callable[[Delivery], ReaderWords | None],
        *,
        claim_timeout: float,
        following: Callable[[], Delivery | None],
    ) -> None:
        self._words, self._claim_timeout, self._following = words, claim_timeout, following
        self._ahead: tuple[Delivery, Delivery] | None = None

    def make(self, claimed: Delivery, channel: Channel, *, began: float) -> Delivery:
        """With its words and its final bytes; raises what making them raises.

        Args:
            claimed: as its claim returned it.
            channel: what sends it.
            began: when the claim began, by `steady_seconds`.
        """
        if self._ahead is not None and self._ahead[0] is claimed:
            return self._ahead[1]
        words = self._words(claimed)
        # Copied once: of thousands of mails each copy counts.
        own: dict[str, Any] = {"words": words, "following": self._following}
        own["payload"] = channel.fill(claimed.payload, replace(claimed, words=words) if words else claimed)
        if self._claim_timeout:
            own["require_claim"] = partial(_require_claim, began + self._claim_timeout / 2)
        return replace(claimed, **own)

    def make_ahead(self, claimed: Delivery, channel: Channel, *, began: float) -> Delivery:
        """The same before its turn, kept for it."""
        made = self.make(claimed, channel, began=began)
        self._ahead = claimed, made
        return made


def _require_claim(until: float) -> None:
    # Beyond half of the lease: the rest is for the answer, which a mail server may take 300 s for.
    if steady_seconds() >= until:
        raise TemporaryFailure("suspended for too long between its claim and the message", retry_after=0.0)
