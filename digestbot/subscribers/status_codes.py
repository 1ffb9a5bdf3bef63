"""What the codes and words of mail servers mean for the address they are about.

The codes are those of RFC 3463 and of the registry that RFC 5248 began. Whatever is not certainly the reader's mailbox is
judged in the reader's favour: who is suppressed wrongly gets no news, and does not learn why.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from ..model import ReturnKind

_HARD, _SOFT, _FULL = ReturnKind.HARD, ReturnKind.SOFT, ReturnKind.FULL
_DELAYED, _POLICY = ReturnKind.DELAYED, ReturnKind.POLICY

# By subject and detail of a code of class 5.
_PERMANENT: Final = {
    "1.1": _HARD,  # bad destination mailbox address
    "1.2": _SOFT,  # bad destination system: a domain whose name servers fail for an hour is called so, too
    "1.3": _HARD,  # bad syntax of the mailbox address
    "1.4": _SOFT,  # mailbox address ambiguous
    "1.6": _HARD,  # mailbox has moved, no forwarding address
    "1.7": _POLICY,  # bad syntax of the sender's address: ours
    "1.8": _POLICY,  # bad system of the sender's address
    "1.10": _HARD,  # the domain takes no mail (RFC 7505)
    "2.1": _HARD,  # mailbox disabled
    "2.2": _FULL,
    "2.3": _POLICY,  # longer than the mailbox takes: what was sent
    "2.4": _SOFT,  # a mailing list behind the address fails
    "3.1": _SOFT,  # the system, not the mailbox, is full
    "3.4": _POLICY,  # too big for the system
}
# Subjects, where the detail is none of the above. 5: the dialogue went wrong, 6: the content, 7: security or policy.
_PERMANENT_SUBJECTS: Final = {"5": _POLICY, "6": _POLICY, "7": _POLICY}
# Words decide where a code says nothing: 0 is "other or undefined", 5.4.1 and 5.5.0 are what large providers write for all sorts.
_SAYS_NOTHING: Final = re.compile(r"[45]\.(?:\d+\.0|0\.\d+|4\.1)|")
# Where a server gave a code of three digits alone (RFC 5321 section 4.2.3; 521 and 556: RFC 7504).
_PLAIN: Final = {"521": _SOFT, "554": _POLICY, "556": _HARD}

_ADDRESS: Final = re.compile(r"[^\s<>\"]{1,200}@[^\s<>\"]{1,200}")
_HOST: Final = re.compile(r"\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_LISTS: Final = re.compile(r"spamhaus|spamcop|barracudacentral|\bsorbs\b|surbl|uceprotect|\babusix", re.IGNORECASE)
# The first row that is found decides.
_WORDS: Final = tuple(
    (kind, re.compile("|".join(patterns), re.IGNORECASE))
    for kind, patterns in (
        (
            _POLICY,
            (
                r"\bspam|unsolicited|(?:block|black|deny)[ -]?list|reputation|suspicious",
                r"\b(?:dnsbl|rbl|dmarc|spf|dkim|virus|malware|phish\w*|ptr|reverse dns|dynamic ips?|your (?:ip|domain|host ?name))\b",
                r"(?:content|message|mail) (?:was |is )?(?:rejected|refused|filtered|blocked)|(?:security|local|site|content) policy",
                r"\b(?:ips?|server|client|connection|network|messages from)\b[^.\n]{0,50}\b(?:blocked|banned)\b",
                r"polic(?:y|ies) (?:reasons?|violation|restrictions?)|authenticat|message (?:size|too (?:big|large))",
                r"\b(?:invalid|bad) sender|sender'?s? (?:address |domain )?(?:was |is )?(?:rejected|denied|verif\w+|unknown|not found|does not exist)",
                r"relay(?:ing)? (?:access )?(?:denied|not)|unable to relay",
            ),
        ),
        (_DELAYED, (r"gr[ae]y-?list|resources? temporarily",)),
        (
            _FULL,
            (
                r"\bquota",
                r"(?:mail ?box|mail ?folder|maildir|inbox|account|user|recipient)[^.\n]{0,60}\b(?:full|overdrawn|exceed\w*|used up|too many messages)\b",
                r"\bfull (?:mail ?box|inbox)|mail ?box size limit|exceed\w* (?:its |the |their )?storage|too much mail data",
                r"\b(?:enough|insufficient|out of|no) (?:disk |storage |free )*space|out of storage",
                r"(?:postfach|bo[iî]te|buz[oó]n|casella)[^.\n]{0,40}(?:voll|pleine|llen[oa]|piena)",
            ),
        ),
        (_SOFT, (r"(?:too (?:quickly|fast|many)|at a rate|rate limit|try again|temporar)",)),
        (
            _HARD,
            (
                r"\b(?:user|recipient|mailbox|account|address|alias)(?: \([^()\n]{0,60}\))?(?: is| was)? (?:un|not )known",
                r"\b(?:unknown|invalid|bad|not an? (?:known|valid|active))[ -](?:local |e-?mail |virtual |or illegal |destination )*(?:user|recipient|mailbox|account|address|alias|part)\b",
                r"no such (?:user|recipient|mailbox|person|account|address|local)|(?:no ?such ?user|user ?unknown|recip(?:ient)? ?notfound)",
                r"(?:user|mailbox|recipient|account|address|inbox)[^.\n]{0,60}(?:does(?:n'?t| not) exist|not (?:exist|found|present)|could not be found)",
                r"(?:user|mailbox|recipient|account|address|inbox)[^.\n]{0,60}no longer (?:exist|valid|in use|active|accept)",
                r"no (?:account|mail ?box|user|one) (?:here|by that|available for|at this)|(?:address|mailbox|recipient) (?:is )?invalid",
                r"(?:mailbox|account|user|recipient)[^.\n]{0,40}\b(?:disabled|not active|inactive|deactivated|suspended|closed|terminated|discontinued)",
                r"doesn'?t have an? [\w.]+ account|(?:benutzer|empf[aä]nger|postfach)[^.\n]{0,30}unbekannt",
                r"(?:utilisateur|destinataire) inconnu|usuario desconocido|utente sconosciuto",
            ),
        ),
    )
)
_MOST_CODES: Final = 20  # that are looked at
_CODE: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY: Final = re.compile(r"(?<![\d.:])([245]\d\d)(?=[ -])")


def codes_in(text: str) -> tuple[str, str]:
    """The first code such as 5.1.1 in a server's words, and the first such as 550; empty where there is none.

    One of policy comes before all others: relays write theirs before what they were told.
    """
    found, reply = [one[1] for one in islice(_CODE.finditer(text), _MOST_CODES)], _REPLY.search(text)
    policy = (code for code in found if code[1:4] == ".7.")
    return next(policy, found[0] if found else ""), reply[1] if reply else ""


def better_code(given: str, said: str) -> str:
    """Of the code in a report and the one in the server's own words that which says more.

    Relays write 5.0.0 over what they were told; and what was refused by policy there is no missing mailbox here.
    """
    if not said or said[0] != (given or said)[0]:
        return given
    return said if _SAYS_NOTHING.fullmatch(given) or said.startswith(("5.7.", "4.7.")) else given


def kind_of(code: str, text: str, *, reply: str = "", final: bool = True) -> ReturnKind:
    """What a refusal means for the address.

    Args:
        code: 5.1.1, or empty.
        text: what the server said.
        reply: its code of three digits, where there is no better one.
        final: whether nobody tries on.
    """
    family, _, rest = code.partition(".")
    if family == "2" or reply.startswith("2"):
        return ReturnKind.UNRELATED
    if not final:
        return _DELAYED
    words = kind_of_words(text)
    if family == "4":
        return _temporary(rest, words)
    if rest.startswith("7."):  # whatever the words are: this code has been given to readers who are there
        return _POLICY
    if _SAYS_NOTHING.fullmatch(code):
        plain = _PLAIN.get(reply, _SOFT)
        # What was not said to be for ever is for ever in nobody's words.
        return _SOFT if words is _HARD and reply.startswith("4") else words or plain
    kind = _PERMANENT.get(rest) or _PERMANENT_SUBJECTS.get(rest.partition(".")[0], _SOFT)
    return words if kind is _HARD and words else kind


def _temporary(rest: str, words: ReturnKind | None) -> ReturnKind:
    """Of a code of class 4 after which nobody tries on."""
    if rest == "2.2" or words is _FULL:
        return _FULL
    if words is _DELAYED or rest == "7.1":  # RFC 6647: greylisting, which some never get through
        return _DELAYED
    return _POLICY if rest.startswith("7.") or words is _POLICY else _SOFT


def kind_of_words(text: str) -> ReturnKind | None:
    """What a server's words mean; None where they are not known. Names in it are no words."""
    said = _ADDRESS.sub(" ", text[:4000])
    if _LISTS.search(said):
        return _POLICY
    policy = _HOST.sub(" ", said)  # mail.antispam.example
    return next((kind for kind, pattern in _WORDS if pattern.search(policy if kind is _POLICY else said)), None)
