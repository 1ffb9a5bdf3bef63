"""What came back of the mails that were sent: ReturnedMail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ReturnKind(StrEnum):
    """What a returned mail says about the address it was sent to."""

    HARD = "hard"  # there is no such mailbox
    SOFT = "soft"  # not delivered, for a reason that may pass
    FULL = "mailbox full"
    DELAYED = "delayed"  # greylisted, or still tried: nothing is decided
    POLICY = "policy"  # refused for what was sent, or for who sent it: nothing about the reader
    COMPLAINT = "complaint"  # the reader called it spam
    UNSUBSCRIBE = "unsubscribe"  # the reader wants no more of it
    UNRELATED = "unrelated"  # an answer, a receipt, somebody else's mail


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedMail:
    """One thing that one returned mail, or one call of a mail provider, says of one address."""

    id: str  # the same for the same mail or call, however often it is read
    kind: ReturnKind
    at: datetime  # when it was said
    source: str  # "mailbox", or the provider: "ses"
    address: str = ""  # as it is named there: where a mail was forwarded, another than the one that was written to
    key: str = ""  # of the delivery that came back, without its part; empty where that is not known for certain
    code: str = ""  # 5.1.1 (RFC 3463), or 550 where there is none better
    reason: str = ""  # one line
    token: str = ""  # the word after "unsubscribe", for whoever made such words
    proven: bool = False  # by a token of ours or the provider's signature: only then may anything follow from it
    recipient: str = ""  # the address that was written to, once it is kept
    digest: str = ""  # what it was sent, once that is known
    edition: date | None = None
