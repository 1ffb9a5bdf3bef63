"""What stands in an item's text but is not news: bylines, credits, datelines, invitations, cut-off ends.

A sentence is either quotable as it stands, quotable without its head (still a contiguous piece), or not at all.
"""

from __future__ import annotations

import re

_DATELINE = re.compile(
    r"^(?:[A-ZÀ-Þ][\w.'’-]+(?:[ /-][A-ZÀ-Þ][\w.'’-]*){0,4}"  # NEW YORK, Hong Kong
    r"(?:, (?:[A-Z][\w.]+ ?){1,3})?"  # , Calif.
    r"(?:, (?:[A-Z][a-z]{2,8}\.?|\d{1,2}) \d{0,4}[a-z]*)?"  # , May 27
    r" ?\((?:Reuters|AP|AFP|Xinhua|Kyodo|Bloomberg|UPI|dpa|PTI|ANI|IANS|EFE|CNN|PA|TASS|Yonhap|Dow Jones|[A-Z]{2,10})"
    r"(?: [A-Z][\w.]+)?\)|[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{2,30}(?:, (?:[A-Z][\w.]+ ?){1,3})?)"
    r"\s*(?:[—–:]|--?|-{2,})\s+(?=[\"'“‘(]?\w)"
)
_LABEL = re.compile(
    r"^(?:\(?(?:Reuters|AP|AFP|UPI|CNN|Bloomberg)\)? ?(?:[—–]|--?)"
    r"|(?:UPDATE|CORRECTED|EXCLUSIVE|Exclusive|BREAKING|Breaking)(?: \d)?:)\s+(?=\S)"
)
_BOILERPLATE = re.compile(
    r"^(?:by|von|par|por) [^.]{3,60}$|^(?:reporting|writing|editing|additional reporting|compiled) by\b"
    r"|^(?:photo|image|picture|photograph|file photo|video|credit|illustration|graphic|caption|foto)s?\b ?"
    r"(?:credits?|by|courtesy)?:|\b(?:getty images|shutterstock|afp photo|ap photo|reuters/\w+)\b.{0,20}$"
    r"|^(?:click|tap) (?:here|to)\b|\b(?:click|tap) here\b|^(?:read|see|find out|learn|watch|view|continue|show)"
    r" (?:more|also|next|reading|full|the full|the rest|related|now|our)\b.{0,90}$"
    r"|^(?:full|original|source) (?:story|article|text)\b.{0,60}$"
    r"|\b(?:subscribe|sign up|log in|sign in|register)\b.{0,60}\b(?:newsletter|today|now|free|account|alerts?|inbox|"
    r"read|access|continue|unlimited|here|to)\b|\bsubscribers? only\b|\bsubscription required\b|\balready a subscriber\b"
    r"|\bcookies?\b.{0,60}\b(?:policy|consent|accept|use|browser|settings|website)\b|\bprivacy policy\b"
    r"|\b(?:accept|use|uses) cookies\b|\ball rights reserved\b|^©|\bcopyright (?:©|\(c\)|\d{4})|\bterms of (?:use|service)\b"
    r"|^(?:follow|like|join) us\b|\bfollow .{0,40} on (?:twitter|x|facebook|instagram|linkedin|telegram)\b"
    r"|^(?:advertisement|advertorial|sponsored|share this|more from|most read|related|recommended|trending|tags?|"
    r"topics?|filed under|updated|published|last updated|posted|comments?)\b ?(?::.*|(?: (?:stories|articles|on|by|at|"
    r"content)\b.{0,60})?)$|^the post .{1,200} (?:first )?appeared (?:first )?on\b|\bappeared first on\b"
    r"|^this (?:article|story|post|piece) (?:was|is|has been|originally|first)\b"
    r"|^(?:our standards|the thomson reuters trust principles)\b|\benable javascript\b|\bad ?blocker\b"
    r"|^(?:listen|download) (?:to|now|the)\b.{0,60}$|\bmin(?:ute)?s? read$|^\d+ comments?$|\bterms apply\b",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:\.\.+|…|\[(?:…|\.\.\.|more)\]|\((?:more|cont(?:inued)?)\.?\)|&hellip;|\[&#8230;\])[\"'”’)\]]*$")
_ENDED = re.compile(r"[.!?。！？｡．؟۔।॥։።။][\"'“”‘’»)\]」』”）】》]*$")
_UNSAID = re.compile(r"https?://|www\.\S|\S@\S+\.\w|[{}<>|]|\.(?:com|org|net)/")


def trim_head(sentence: str) -> str:
    """The sentence without its dateline or agency label: a suffix of it, so still an exact quotation."""
    for pattern in (_DATELINE, _LABEL):
        found = pattern.match(sentence)
        if found and len(sentence) - found.end() > 20:
            sentence = sentence[found.end() :]
    return sentence


def is_quotable(sentence: str) -> bool:
    """Whether it is a whole sentence of the report itself: ended, not cut off, no furniture of the page."""
    return (
        _ENDED.search(sentence) is not None
        and _CUT.search(sentence) is None
        and _BOILERPLATE.search(sentence) is None
        and _UNSAID.search(sentence) is None
    )
