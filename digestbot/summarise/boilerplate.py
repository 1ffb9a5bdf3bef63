"""Recognises what is in an item's text but is not news: datelines, credits, invitations to subscribe, cut-off ends.

A sentence is quotable whole, or without its dateline (still a contiguous piece of the text), or not at all.
"""

from __future__ import annotations

import re

from ..text.tokenize import is_unspaced
from .never_quoted import why_never_quoted

_REGION = r"(?:, [A-Z][\w.]+(?: [A-Z][\w.]+){0,2})?"
_PLACE = r"[A-ZÀ-Þ][\w.'’-]*(?:[ /][A-ZÀ-Þ][\w.'’-]*){0,4}" + _REGION
_DAY = r"(?:,? (?:on )?(?:[A-Z][a-z]{2,8}\.?|\d{1,2})(?: \d{1,2})?(?:,? \d{4})?)?"
_NAME = r"[A-Z][\w.&’'-]*(?: [A-Z][\w.&’'-]*){0,2}"  # of an agency
# A hyphen or colon needs a space after it, and all of them a capital or a figure: Stratford-upon-Avon opens no report.
_DASH = r"\s*(?:[—–―]\s*|(?::|-{1,2})\s+)(?=[\"'“‘(]?[A-ZÀ-Þ0-9$€£¥])"
_HEADS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_PLACE}{_DAY} ?\({_NAME}\){_DASH}",  # MILAN, May 27 (Reuters) -
        rf"[A-ZÀ-Þ][A-ZÀ-Þ.'’/ -]{{2,30}}{_REGION}{_DAY}{_DASH}",  # NEW YORK, May 27 —
        rf"\({_NAME}\){_DASH}",  # (AP) —
        # A pointer that a page sets before its first sentence.
        r"Scroll down (?:for|to see) (?:the )?(?:videos?|pictures|photos)[.:]?\s+(?=[\"'“‘(]?[A-ZÀ-Þ0-9])",
        # Chinese: the outlet in brackets, the agency with its place and day.
        (
            r"(?:【[^】]{1,16}】|[（(][^（()），。]{2,24}(?:電|电|訊|讯|報道|报道|報導)[)）]|"
            r"(?:中央社|新華社|新华社|中新社|中新網|中新网|法新社|路透社?|美聯社|美联社|彭博社?)[^，。：]{0,12}\d{1,2}日(?:綜合)?[電电](?: |　)?)[\s　]*"
        ),
    )
)
# A label before a dateline, as agencies write it: without a space behind its hyphen ("UPDATE 2-", "EXCLUSIVE-").
_LABEL = re.compile(
    r"(?:UPDATE|WRAPUP|REFILE|RPT|CORRECTED|CORRECTION|EXCLUSIVE|Exclusive|BREAKING|Breaking|JUST IN|Update|EILMELDUNG|EIL|Eilmeldung)"
    r"(?: \d{1,2})?\s*(?:[—–―:]|-{1,2})\s*(?=[\"'“‘(]?[A-ZÀ-Þ0-9$€£¥])"
)
# What a newsletter sets before its sentences: "Why it matters: ..."
_MARK = re.compile(
    r"(?:why it matters|the big picture|driving the news|catch up quick|between the lines|by the numbers|the (?:latest|details|bottom line|intrigue|context)|"
    r"state of play|zoom (?:in|out)|what (?:they['’]re saying|to watch|we['’]re watching|happened|it means)|what['’]s (?:next|new|happening)|worth noting|reality check|yes, but|"
    r"key (?:points?|takeaways?)|in short|bottom line):\s+(?=[\"'“‘(]?[A-ZÀ-Þ0-9$€£¥])",
    re.IGNORECASE,
)
# Longer than any dateline. It also bounds the time that a text made for it could take.
_MOST_HEAD_CHARACTERS = 120
_MIN_REST_CHARACTERS = 25  # of what is left behind a dateline; a shorter rest means that it was none
# Sentences that begin like this belong to the page, not to the report.
_PAGE_TEXT_START = re.compile(
    r"(?:additional )?(?:reporting|writing|editing|compiled|edited|written|produced|translated) by\b"
    r"|(?:file )?(?:photo|image|picture|photograph|video|illustration|graphic|caption|foto)s?\b ?(?:credits?|by|courtesy)?:"
    r"|(?:photo|image|picture|illustration|graphic)s? (?:by|courtesy of|credit)\b"
    r"|(?:read|see|find out|learn|watch|view|continue|show|listen|click|tap|also|related|more)"
    r"(?: (?:more|also|next|reading|full|the full|the rest|related|now|our|here|to|read|from|on|about))*:"
    r"|(?:read|watch|see|learn|view|continue reading|find out) (?:more|the full|our|also|the rest|now|here)\b"
    r"|(?:advertisement|sponsored|share this|most read|related|recommended|trending|tags?|topics?|filed under|updated|"
    r"published|last updated|posted)\b ?[:.|]|©|copyright\b|follow (?:us|@|[\w ]{1,40} on (?:twitter|x|facebook|instagram|"
    r"linkedin|telegram|threads|mastodon|bluesky)\b)|the post .{1,200} appeared\b"
    r"|this (?:article|story|post|piece|report|content) (?:was|is|has been|originally|first|may|contains)\b"
    r"|(?:subscribe|sign up|sign in|log in|register|donate)(?: (?:to|for|now|today|here|and|with)\b|[.!])"
    r"|(?:join|email|contact|write to|support) (?:us|me|our)\b"
    r"|(?:our standards|the thomson reuters trust principles)\b|\d+ (?:comments?|min(?:utes?)? read)\b",
    re.IGNORECASE,
)
# The same, wherever in a sentence it occurs.
# Phrases rather than words: a report about cookies or subscriptions is a report.
_PAGE_PHRASES = (
    "we use cookies", "uses cookies to", "accept cookies", "accept all cookies", "our cookie", "our privacy policy",
    "our terms", "all rights reserved", "click here", "tap here", "getty images", "shutterstock", "subscribers only",
    "already a subscriber", "already have an account", "sign up for our", "sign up to our", "sign up here",
    "sign up now", "sign up today", "sign up for free", "subscribe to our", "subscribe now", "subscribe today",
    "subscribe here", "subscribe for", "our newsletter", "our daily newsletter", "your inbox", "log in to continue",
    "log in to read", "sign in to continue", "enable javascript", "ad blocker", "adblock", "appeared first on",
    "first appeared on", "originally published", "originally appeared", "you agree to", "follow us on",
    "download our app", "support our journalism", "read the full", "unlimited access", "free trial", "min read",
    "hosted on acast", "acast.com/privacy", "your ad choices", "this post via rss", "earn a commission", "affiliate commission", "terms apply", "may be reproduced", "continue reading",
)  # fmt: skip
_FEWEST_SPACES = 2  # fewer stand in names and exclamations that look like sentences: "Ada Roth.", "Trans."
# How feeds mark a text that they cut: "...", "[…]", "(more)".
_CUT = re.compile(r"(?:\.{2,}|…|\[(?:…|more)\]|\((?:more|cont(?:inued)?)\.?\))[\"'”’)\]]*$")
# A full stop of any script (Devanagari, Urdu, Ethiopic, Armenian, Khmer among them), then closing marks.
_ENDED = re.compile(r"[.!?。！？｡．؟۔।॥։።။]\s?[\"'“”‘’»)\]」』”）】》]*$")
_NOT_PROSE = re.compile(r"://|www\.|@[\w-]+\.\w|\{|\}|<|>|\||\.(?:com|org|net)/")


def trim_head(sentence: str) -> str:
    """The sentence without its dateline or label: a suffix of it, so still an exact quotation."""
    # The label first: between it and the report stands a dateline.
    for pattern in (_LABEL, _MARK, *_HEADS):
        found = pattern.match(sentence, 0, _MOST_HEAD_CHARACTERS)
        fewest = _MIN_REST_CHARACTERS // (2 if is_unspaced(sentence) else 1)
        if found and len(sentence) - found.end() >= fewest:
            sentence = sentence[found.end() :]
    return sentence


def is_quotable(sentence: str) -> bool:
    """Whether it is a whole sentence of the report itself: with its full stop, not cut off, not text of the page around it."""
    says_something = is_unspaced(sentence) or sentence.count(" ") >= _FEWEST_SPACES
    return says_something and _ENDED.search(sentence) is not None and is_report(sentence)


def is_report(sentence: str) -> bool:
    """Whether it is prose of the report, with or without a full stop: not cut off, not text of the page around it."""
    folded = sentence.casefold()
    return (
        # From near the end only: from the start the pattern would be tried at every dot.
        _CUT.search(sentence, max(len(sentence) - 20, 0)) is None
        and _PAGE_TEXT_START.match(sentence) is None
        and not any(phrase in folded for phrase in _PAGE_PHRASES)
        and not why_never_quoted(sentence)
        and _NOT_PROSE.search(sentence) is None
        and is_closed(sentence)
    )


def is_closed(sentence: str) -> bool:
    """Whether every quotation and bracket is closed: half a quotation can say the opposite of the whole."""
    # Single marks are not counted, because most of them are apostrophes.
    quotes = sum(map(sentence.count, '"“”„'))  # counted together, since outlets mix them
    return quotes % 2 == 0 and all(
        sentence.count(left) == sentence.count(right) for left, right in ("()", "[]", "「」")
    )
