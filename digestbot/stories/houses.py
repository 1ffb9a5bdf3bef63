"""Who tells a story: the house behind the many names that its feeds go by.

Coverage counts houses. "CNBC World" and "CNBC Economy" are one, and so are bbc.com and bbc.co.uk; an article on an
aggregator's list is told by the outlet that wrote it. The law: a house is the registrable domain of an item's own
address. Labels, the titles of feeds, only name it, and stand for it where there is no address of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from ..model import Item
from ..text.tokenize import fold, is_unspaced
from .house_table import AGGREGATORS, HOUSES, SHARED_HOSTS

_HOST = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)
_OUTLET_AT_END = re.compile(r"(.{8,}?)\s+[-–—|]\s+([^-–—|]{2,40})", re.DOTALL)
_MOST_OUTLET_WORDS = 5
_WORDS = re.compile(r"[^\W_]+(?:[.&'’-][^\W_]+)*")
# They say nothing about whose a feed is, or belong to the name of a house: no section is called so.
_NO_NAME = frozenset({
    "the", "a", "der", "die", "das", "le", "la", "el", "news", "rss", "feed", "feeds", "latest", "breaking", "top",
    "all", "home", "blog", "world", "und", "and", "of", "for", "最新", "即時", "即时", "新聞", "新闻",
})  # fmt: skip
# What houses call their sections, in their feeds' titles.
_SECTIONS = frozenset({
    "business", "world", "economy", "economics", "tech", "technology", "sport", "sports", "finance", "politics", "money",
    "markets", "international", "uk", "us", "usa", "asia", "europe", "china", "global", "national", "local", "top",
    "stories", "latest", "headlines", "breaking", "all", "rss", "feed", "science", "health", "culture", "entertainment",
    "lifestyle", "opinion", "commodities", "stocks", "crypto", "energy", "climate", "travel", "video", "ai",
    "wirtschaft", "politik", "kultur", "wissen", "wissenschaft", "panorama", "ausland", "inland", "netzwelt", "digital",
    "schlagzeilen", "nachrichten", "technik", "finanzen",
    "本地", "國際", "国际", "中國", "中国", "兩岸", "两岸", "大中華", "财经", "財經", "娛樂", "娱乐", "體育", "体育", "科技",
    "突發", "突发", "即時", "即时", "社會", "社会", "熱話", "熱點", "热点", "港聞", "消閒", "生活", "要聞", "要闻", "滚动",
})  # fmt: skip
# Of these the ones that many outlets bear in their own names, as "Marine Science" does: sections where an address says so, too.
_ALSO_IN_NAMES = frozenset({
    "science", "health", "climate", "energy", "travel", "culture", "digital", "technology", "finance", "money", "economics",
    "global", "international", "national", "local", "wissen", "wissenschaft", "technik", "kultur",
})  # fmt: skip
_MOST_INITIALS = 4  # letters; a shorter name in a configuration is likely to be initials
_MAIN_SHARE = 0.5  # of a label's items, from which a site is the label's own
_LISTED_OUTLETS = 3  # names that a feed's items give for themselves, from which it lists others' articles


@cache
def _suffix_rules() -> Mapping[str, Sequence[str]]:
    """The rules of the public suffix list by their last label, in both spellings of a name that is not ASCII."""
    from publicsuffixlist import PSLFILE, encode_idn  # noqa: PLC0415

    rules: dict[str, list[str]] = {}
    for line in Path(PSLFILE).read_text(encoding="utf-8").splitlines():
        rule = line.lower().partition(" ")[0]
        if rule and not rule.startswith("//"):
            rules.setdefault(rule.rpartition(".")[2], []).append(rule)
    return rules | {encode_idn(last): found for last, found in rules.items() if not last.isascii()}


@cache
def _public_suffixes(last: str) -> Any:
    """Those of one last label: to take in all ten thousand of the list is a fifth of a second, and a day needs few."""
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415

    return PublicSuffixList(_suffix_rules().get(last, ()))


@lru_cache(maxsize=65_536)
def registrable_domain(host: str) -> str:
    """The domain that somebody registered: `bbc.co.uk` of `news.bbc.co.uk`; empty for numbers and names without a dot."""
    host = host.lower().strip(".")
    if "." not in host or host.rpartition(".")[2].isdigit():
        return ""
    return _public_suffixes(host.rpartition(".")[2]).privatesuffix(host) or ""


def named_by_house(
    items: Sequence[Item], *, known: Iterable[Item] = (), houses: Mapping[str, Sequence[str]] = {}
) -> tuple[Item, ...]:
    """The items in their order, `source` being the house as readers know it and `label` what its feed calls it.

    The result does not depend on the order of `items` and `known`.

    Args:
        items: as they were collected.
        known: earlier items of the same feeds: with them a house keeps its name on a day when one of its feeds is silent.
        houses: the reader's own: name and domains of each.
    """
    register = _Register([*items, *known], houses)
    return tuple(register.named(item) for item in items)


class _Register:
    """Which labels, sites and names belong together, read from all items at once.

    A site is a registrable domain or the name of a house with several; empty where an address says nothing.
    """

    def __init__(self, items: Sequence[Item], houses: Mapping[str, Sequence[str]]) -> None:
        self._own = {_squash(name): name for name in houses}
        self._house_of = {domain: name for name, domains in HOUSES.items() for domain in domains}
        self._house_of |= {domain.lower().strip("."): name for name, domains in houses.items() for domain in domains}
        self._of_host: dict[str, str] = {}  # a month of items has few hosts
        # By feed as well: an aggregator's feed uses the same names for outlets as their own feeds do.
        counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for item in items:
            counts[item.feed, _label(item)][self._site(item.url)] += 1
        self._sections = {
            (self._site(item.url), word)
            for item in items
            if (word := _name_or_section(item)) and _is_below(word, item.url)
        }
        self._lists = AGGREGATORS.keys() | _lists_of_others(counts)
        self._home = {feed_and_label: self._main_site(sites) for feed_and_label, sites in counts.items()}
        named = sorted((label, home) for (_, label), home in self._home.items() if home and label)
        sites = sorted({site for each in counts.values() for site in each if site})
        self._by_name = {_squash(stem): site for site in reversed(sites) for stem in self._stems(site)}
        self._by_name |= {_squash(label): home for label, home in named}
        labels: defaultdict[str, set[str]] = defaultdict(set)
        for label, home in named:
            labels[home].add(label)
        self._names = {site: self._name(site, sorted(labels[site])) for site in sites}

    def named(self, item: Item) -> Item:
        """The item with its house as `source`."""
        label, title = _label(item), item.title
        site = self._site(item.url)
        if site in self._lists:
            outlet, title = self._outlet_named_by(item, site)
            site = self._site_of_outlet(outlet)
            name = self._names[site] if site else outlet or label
        else:
            # A feed that mostly links to its own site tells what it links to elsewhere, too. One without such a site
            # is a list of others' articles.
            site = self._home[item.feed, label] or site or self._site_of_outlet(label)
            name = self._names[site] if site else label
        if name == item.source and title == item.title:
            return item
        return replace(item, source=name, title=title, label=label if name != label else "")

    def _site(self, url: str) -> str:
        match = _HOST.match(url)
        if not match:
            return ""
        host = match[1].lower()
        if host not in self._of_host:
            self._of_host[host] = self._site_of_host(host)
        return self._of_host[host]

    def _site_of_host(self, host: str) -> str:
        labels = host.split(".")
        tails = [".".join(labels[at:]) for at in range(len(labels) - 1)]
        for tail in tails:
            if tail in self._house_of:
                return self._house_of[tail]
        shared = next((tail for tail in tails if tail in SHARED_HOSTS or tail in AGGREGATORS), None)
        if shared is not None:
            return shared if shared in AGGREGATORS else ""
        return registrable_domain(host)

    def _main_site(self, sites: Counter[str]) -> str:
        """The site that most items of a label lie on; empty where none is its own."""
        known = {site: count for site, count in sites.items() if site}
        if not known:
            return ""
        site = min(known, key=lambda site: (-known[site], site))
        return site if known[site] >= _MAIN_SHARE * sum(known.values()) and site not in self._lists else ""

    def _stems(self, site: str) -> tuple[str, ...]:
        """What a site is called by its domains: `cnbc` of cnbc.com."""
        domains = [domain for domain, name in self._house_of.items() if name == site]
        return (*((site,) if domains else ()), *(domain.partition(".")[0] for domain in domains or [site]))

    def _outlet_named_by(self, item: Item, aggregator: str) -> tuple[str, str]:
        """The outlet that an item on a list of others' articles names, and the title without it; empty when none."""
        end = _OUTLET_AT_END.fullmatch(item.title)
        if (
            end
            and len(end[2].split()) <= _MOST_OUTLET_WORDS
            and (AGGREGATORS.get(aggregator) or self._site_of_outlet(end[2]))
        ):
            return end[2].strip(), end[1]
        # Its own title, such as "Yahoo Finance", names no outlet.
        if _squash(max(aggregator.split("."), key=len)) not in _squash(_label(item)):
            return _label(item), item.title
        return next((name for name in item.authors if self._site_of_outlet(name)), ""), item.title

    def _site_of_outlet(self, name: str) -> str:
        """The site of an outlet that is known by this name, or by this name without a section: "CNN Business"."""
        words = _WORDS.findall(name)
        for count in range(len(words), 0, -1):
            site = self._by_name.get(_squash(" ".join(words[:count])), "")
            if site and site not in self._lists:
                return site
            if fold(words[count - 1]) not in _SECTIONS:
                break
        return ""

    def _name(self, site: str, labels: Sequence[str]) -> str:
        """The name of a house: what its labels share, else the one most like its address, else the shortest."""
        stems = {_squash(stem) for stem in self._stems(site)}
        if own := self._own.get(_squash(site)):
            spelt = (run for label in labels for run in _leading_runs(label) if _squash(run) == _squash(own))
            return next(spelt, _as_words(own))
        if len(labels) > 1 and (shared := _shared(labels)):
            return shared
        # One label may be a section's: "SCMP Tech". Its address says where the name ends.
        for label in sorted(labels, key=lambda label: (len(label), label)):
            for run in _leading_runs(label):
                rest = [fold(word) for word in label[len(run) :].split()]
                if _squash(run) in stems and all(self._is_section(site, word) for word in rest):
                    return run
        naming = [
            label for label in labels if not _names_nobody(label) or _plain(label) in map(_plain, self._stems(site))
        ]
        return min(naming, key=lambda label: (len(label), label), default=site)

    def _is_section(self, site: str, word: str) -> bool:
        return word in _SECTIONS and (word not in _ALSO_IN_NAMES or (site, word) in self._sections)


def _label(item: Item) -> str:
    return item.label or item.source


def _name_or_section(item: Item) -> str:
    """The last word of its label, where that may be either; empty for others."""
    word = fold(_label(item).rpartition(" ")[2])
    return word if word in _ALSO_IN_NAMES else ""


def _is_below(word: str, url: str) -> bool:
    """Whether an address has this word as a part of its path, or before the domain in its host."""
    host, _, path = url.lower().partition("://")[2].partition("/")
    return word in host.split(".")[:-2] or word in path.split("/")


def _lists_of_others(counts: Mapping[tuple[str, str], Counter[str]]) -> set[str]:
    """Sites whose items name, in one feed, outlets that share no name and none of which tells over half of them."""
    labels: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (feed, label), sites in counts.items():
        for site, count in sites.items():
            if feed and site and label:
                labels[feed, site][label] += count
    return {
        site
        for (_, site), told in labels.items()
        if len(told) >= _LISTED_OUTLETS
        and max(told.values()) <= _MAIN_SHARE * told.total()
        and not _shared(sorted(told))
    }


def _shared(labels: Sequence[str]) -> str:
    """The words that all labels begin or end with, or the characters where a script is written without spaces."""
    split = [re.split(r"\s+[-–—|·:»]+\s+|[:|]?\s+", label) for label in labels]
    for direction in (1, -1):
        run = []
        for words in zip(*(words[::direction] for words in split), strict=False):
            if len({fold(word) for word in words}) > 1:
                break
            run.append(words[0])
        if any(fold(word) not in _NO_NAME for word in run):
            return " ".join(run[::direction])
    same = takewhile(lambda characters: len(set(characters)) == 1, zip(*labels, strict=False))
    start = "".join(characters[0] for characters in same).strip()
    return start if len(start) > 1 and is_unspaced(start) and fold(start) not in _NO_NAME else ""


def _names_nobody(label: str) -> bool:
    """Whether it is a section or what a page says of itself: "Asia", "World News: politics, crime and more"."""
    first, *others = re.split(r"\s*[-–—|·»:]+\s+", label)
    parts = [first, *(part for part in others if "," not in part)]
    return all(fold(word) in _SECTIONS | _NO_NAME for part in parts for word in part.split())


def _leading_runs(label: str) -> list[str]:
    """The label, and what it begins with, longest first, without a divider at the end."""
    words = label.split()
    return [run for count in range(len(words), 0, -1) if (run := " ".join(words[:count]).rstrip(" -–—|·:»"))]


def _as_words(name: str) -> str:
    """A setting's name for readers: `bbc` as BBC, `le_monde` as Le Monde."""
    return name.upper() if len(name) <= _MOST_INITIALS else name.replace("_", " ").title()


def _plain(name: str) -> str:
    return _squash(name).removeprefix("the")


def _squash(name: str) -> str:
    # "The Guardian" is also "Guardian", and "Bloomberg.com" is "Bloomberg".
    return re.sub(r"[\W_]+", "", fold(name).removesuffix(".com").removeprefix("the "))
