"""What readers of one edition get, as numbers with their definitions: for real_days.py."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from cluster_quality import b_cubed
from forbidden_kinds import ADDRESSES, SENTENCES, TITLES, kinds_in, overlap
from shown_stories import MANY, Figure, Found, Json, Told, domains, full, told


def of_events(one: Told, stories: Sequence[Found], labels: Mapping[str, str]) -> tuple[Counter[str], list[str]]:
    """How many labelled items of each event a place holds, and the events that it tells: a stray item tells none."""
    # A related line is one address in the JSON: what it leads to was grouped under its id.
    behind = {url for story in stories if story.id == one.story["id"] for url in story.urls}
    urls = one.urls | behind if one.place == "related" else one.urls
    counted = Counter(labels[url] for url in urls if url in labels)
    return counted, [name for name, number in counted.items() if number > 1 or number == max(counted.values())]


def twice(places: Iterable[tuple[Told, Iterable[str]]]) -> list[str]:
    """The events that stand in more than one of these places, and where."""
    where: dict[str, list[str]] = defaultdict(list)
    for one, events in places:
        for name in events:
            where[name].append(f"{one.place} {one.story['title']}")
    return [f"{name}: {' / '.join(titles)}" for name, titles in sorted(where.items()) if len(titles) > 1]


def label_figures(shown: Sequence[Told], stories: Sequence[Found], labels: Mapping[str, str]) -> list[Figure]:
    """What needs labels, by address."""
    grouped = {url: story.id for story in stories for url in story.urls}
    shown_in = {url: one.story["id"] for one in reversed(shown) for url in one.urls if one.place != "related"}
    inside = sorted(url for url in labels if url in grouped)
    truth = [labels[url] for url in inside]
    events: dict[str, list[str]] = defaultdict(list)
    for url in inside:
        events[labels[url]].append(url)
    places = [(one, *of_events(one, stories, labels)) for one in shown]
    before = {url for story in stories if story.status == "already told" for url in story.urls}
    stands = {name for _, _, telling in places for name in telling}
    absent = [name for name, urls in sorted(events.items()) if name not in stands and not before & set(urls)]
    by_items = [name for name in absent if len(events[name]) >= MANY]
    by_houses = [name for name in absent if len(domains(events[name])) >= MANY]
    top = [place for place in places if place[0].place in ("lead", "full")]
    several = twice((one, telling) for one, _, telling in top)
    loosely = twice((one, counted) for one, counted, _ in top)
    split = twice((one, telling) for one, _, telling in places if one.place != "related")
    mixed = [f"{one.story['title']}: {dict(counted)}" for one, counted, _ in top if len(counted) > 1]
    figures = [
        Figure(
            "labelled items",
            f"{len(inside)} of {len(labels)}",
            "those that lie in the edition's window; only these count below",
        )
    ]
    if inside:
        as_grouped = b_cubed([grouped[url] for url in inside], truth)
        as_shown = b_cubed([shown_in.get(url, grouped[url]) for url in inside], truth)
        meaning = "B-cubed P, R, F1 over the labelled items; clusters: "
        figures += [
            Figure(
                "b3 grouped",
                rounded(as_grouped),
                meaning + "all stories of the edition, as `explain` groups them, shown or not",
            ),
            Figure(
                "b3 shown",
                rounded(as_shown),
                meaning + "the same, but an item that is shown counts where it stands (after a second look)",
            ),
        ]
    return [
        *figures,
        Figure(
            "absent, items",
            len(by_items),
            f"events of {MANY}+ labelled items that no place tells (lead, full, briefs, elsewhere, also, further, related: it has 2+ of the event's items, or no event more often) and no earlier edition",
            by_items,
        ),
        Figure(
            "absent, houses",
            len(by_houses),
            f"the same for events whose labelled items lie on {MANY}+ registrable domains",
            by_houses,
        ),
        Figure(
            "in several places",
            len(several),
            "events with more than one full place; a place counts where it holds 2+ of the event's items, or no event more often",
            several,
        ),
        Figure("split", len(split), "the same, briefs, also, elsewhere and further counting as places, too", split),
        Figure(
            "touched several",
            len(loosely),
            "events with an item, a single stray one among them, in more than one full place",
            loosely,
        ),
        Figure("mixed", len(mixed), "full stories whose labelled items are of 2+ events", mixed),
    ]


def rounded(values: Iterable[float]) -> list[float]:
    return [round(value, 3) for value in values]


def candidates(shown: Sequence[Told]) -> list[Figure]:
    """For a reader's eye: most events of a day have no label, and on some days none has."""
    stories = [one for one in shown if one.place != "related"]
    titles = [[one.story["title"], *(item["title"] for item in one.story.get("items", ()))] for one in stories]
    pairs = [
        f"{stories[at].place} {one[0]} / {stories[after].place} {other[0]}"
        for at, one in enumerate(titles)
        for after, other in enumerate(titles[at + 1 :], start=at + 1)
        if sum(overlap(a, b) >= 0.5 for a in one for b in other) >= 2 or overlap(one[0], other[0]) >= 0.4
    ]
    strays = [
        f"{title[:60]} -- under: {group[0]}"
        for group, where in zip(titles, stories, strict=True)
        if where.place in ("lead", "full")
        for at, title in enumerate(group)
        if at and max(overlap(title, other) for n, other in enumerate(group) if n != at) < 0.2
    ]
    return [
        Figure(
            "perhaps in several places",
            len(pairs),
            "pairs of shown stories, lines among them, with titles that share many words; to be judged by eye",
            pairs,
        ),
        Figure(
            "perhaps mixed",
            len(strays),
            "items of full stories whose title shares hardly a word with any other; to be judged by eye",
            strays,
        ),
    ]


def inflation(story: Json) -> str:
    """Why a story counts a house twice; empty where it does not."""
    names = {source["name"] for source in story.get("sources", ())}
    of_name: dict[str, set[str]] = defaultdict(set)
    for item in story.get("items", ()):
        of_name[item["source"]] |= domains([item["url"]])
    # A name on three domains is an aggregator: that it shares a domain with an outlet says nothing of its house.
    on: dict[str, set[str]] = defaultdict(set)
    for name in names & {name for name, found in of_name.items() if len(found) < 3}:
        for host in of_name[name]:
            on[host].add(name)
    shared = [f"{host}: {' + '.join(sorted(who))}" for host, who in sorted(on.items()) if len(who) > 1]
    hosts = set().union(*of_name.values())
    if not shared and hosts and len(names) > len(hosts):
        return f"{len(names)} sources on {len(hosts)} domains"
    return "; ".join(shared)


def plain_figures(digest: Json, stories: Sequence[Found], text: str, html: bytes) -> list[Figure]:
    """What needs no labels."""
    shown = list(told(digest))
    top = full(shown)
    stood = {url for one in shown for url in one.urls}
    open_ones = [story for story in stories if story.status == "shown or could be"]
    wide = [
        story
        for story in open_ones
        if len(domains(story.urls)) >= MANY
        and (story.reporting is None or story.reporting >= MANY)
        and not stood & set(story.urls)
    ]
    with_news = {
        story.topic for story in open_ones if story.topic and len(domains(story.urls)) >= 2 and story.kind == "news"
    }
    placed = {one.topic for one in shown if one.place in ("lead", "full", "brief")}
    full_topics = {one.topic for one in top}
    # What was expected of a session stands under what came of it, whatever its score.
    under = {one.story["id"] for one in shown if one.place == "related"}
    news = [story for story in open_ones if story.kind == "news" and story.id not in under]
    most = max((story.sources for story in news if story.topic), default=0)
    eligible = [story for story in news if story.topic or story.sources >= max(MANY, 2 * most)]
    best = max(eligible, key=lambda story: story.score, default=None)
    best_shown = max((one.story["score"] for one in top), default=0.0)
    first = top[0].story if top else {"score": 0.0, "title": "", "id": ""}
    taken_in = best is not None and bool(top) and bool(set(best.urls) & top[0].urls)
    leads = (
        bool(top)
        and first["score"] >= best_shown - 1e-4
        and (best is None or taken_in or first["score"] >= best.score - 1e-4)
    )
    said = [(kind, one.story["title"], one.place) for one in shown for kind in kinds_in(one.story["title"], TITLES)]
    bad_titles = [f"{kind}: {title}" for kind, title, place in said if place in ("lead", "full")]
    bad_lines = [f"{kind}: {title}" for kind, title, place in said if place not in ("lead", "full")]
    bad_sentences = [
        f"{kind}: {sentence['text']}"
        for one in top
        for sentence in one.story["summary"]
        for kind in kinds_in(sentence["text"], SENTENCES)
    ]
    promotion = [
        f"{one.story['title']} {one.story.get('url')}"
        for one in shown
        if "promotion" in kinds_in(one.story["title"], TITLES) or re.search(ADDRESSES, one.story.get("url") or "")
    ]
    inflated = [f"{why}: {one.story['title']}" for one in shown if (why := inflation(one.story))]
    others = [
        f"{len(one.story['sources'])} sources on {len(hosts)} domains: {one.story['title']}"
        for one in top
        if len(one.story["sources"]) < len(hosts := domains(item["url"] for item in one.story["items"]))
    ]
    room = Counter(one.topic for one in top)
    oldest = min(
        (item["published"] for one in shown for item in one.story.get("items", ()) if item["published"]), default=""
    )
    undated = sum(not item["published"] for one in shown for item in one.story.get("items", ()))
    updates = [one.story["title"] for one in shown if one.story.get("day", 1) > 1]
    best_words = f"best eligible: {best.score:.2f} {best.title}" if best else "nothing matches a topic"
    return [
        Figure("places", dict(Counter(one.place for one in shown)), "how many stories stand where"),
        Figure(
            "best leads",
            leads,
            "whether the lead (or first full story) has the best score of full stories and of all open news that matches a topic, or none but is told by 4+ houses and twice as many as any that matches",
            [f"first: {first['score']:.2f} {first['title']}", best_words],
        ),
        Figure(
            "4+ domains absent",
            len(wide),
            f"grouped stories on {MANY}+ registrable domains and reported by {MANY}+ outlets (a view or advice is no report) that stand nowhere and were not told before",
            [f"{len(domains(s.urls))} domains, {s.score:.2f}, topic {s.topic or '-'}: {s.title}" for s in wide],
        ),
        Figure(
            "topics without a place",
            len(with_news - placed),
            "topics with an open story on 2+ domains (not trifling), but neither lead, full story nor brief",
            sorted(with_news - placed),
        ),
        Figure(
            "topics without a full story",
            len(with_news - full_topics),
            "the same, a brief not counting",
            sorted(with_news - full_topics),
        ),
        Figure(
            "largest topic",
            f"{max(room.values(), default=0)} of {len(top)}",
            "full places (lead among them) that the largest topic takes",
            [max(room, key=lambda name: room[name], default="")],
        ),
        Figure(
            "bad headlines",
            len(bad_titles),
            "full stories' titles of a forbidden kind, by this script's TITLES (a title may be of several)",
            bad_titles,
        ),
        Figure("bad lines", len(bad_lines), "the same in briefs, also, elsewhere, further and related", bad_lines),
        Figure(
            "bad sentences",
            len(bad_sentences),
            "quoted sentences of a forbidden kind, by this script's SENTENCES",
            bad_sentences,
        ),
        Figure(
            "promotion",
            len(promotion),
            "stories anywhere whose title or address says deal, coupon or sponsored",
            promotion,
        ),
        Figure(
            "inflated",
            len(inflated),
            "stories with two sources on one registrable domain, or with more sources than domains",
            inflated,
        ),
        Figure(
            "more domains than sources",
            len(others),
            "full stories with fewer sources than domains: an aggregator, or one house on several hosts; to be judged by eye",
            others,
        ),
        Figure(
            "updates",
            len(updates),
            "stories marked as update of an earlier edition; right or wrong is judged by eye",
            updates,
        ),
        Figure(
            "oldest item",
            oldest,
            f"the earliest date among items shown ({undated} items have none); the edition's window begins {digest['since']}",
        ),
        Figure(
            "longest source list",
            longest_list(text),
            "lines of the text form that the longest list of sources takes, addresses among them",
        ),
        Figure("html kB", round(len(html) / 1000, 1), "size of digest.html in 1,000 bytes"),
    ]


def longest_list(text: str) -> int:
    """Lines of the longest list of sources: all that is indented as far as its first "- ", and their goings-on."""
    longest = current = 0
    for line in text.splitlines():
        listed = re.match(r"\s+- ", line) or (current and re.match(r"\s{5,}\S", line))
        current = current + 1 if listed else 0
        longest = max(longest, current)
    return longest
