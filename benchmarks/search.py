"""How long a search of the archive takes, and what keeping stories adds to publishing an edition.

    python benchmarks/search.py [STORIES]

SQLite and PostgreSQL, each with STORIES (100,000) of two digests, forty an edition, in words drawn as often as words of a language
are (Zipf). Prints for each query the median and the 95th percentile of fifty runs, each another query of its kind, in milliseconds,
and what is found; then the filling and the size.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from archived import digest, entry
from servers.postgres import running

from digestbot.model import Edition
from digestbot.render import as_json
from digestbot.store import open_store
from digestbot.store.opening import Stores
from digestbot.text.search_query import parse_query

EDITION = 40  # stories
RUNS = 50
VOCABULARY = 30_000
TOPICS = [f"Topic {number}" for number in range(8)]
OUTLETS = [f"Outlet {number}" for number in range(60)]
DIGESTS = ("morning", "evening")
SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
CHINESE = "台積電晶片出口管制新廠股價上漲市場美國中國政府宣布投資計畫"


def word(number: int) -> str:
    """The word of this rank: of two to four syllables, so that as many begin alike as in a language."""
    sign, word = number * 7919 % 99_991, ""
    while sign or len(word) < 4:
        sign, at = divmod(sign, len(SYLLABLES))
        word += SYLLABLES[at]
    return word


def writer(random_: random.Random) -> Callable[[int], str]:
    """Makes sentences of so many words."""
    words = [word(number) for number in range(VOCABULARY)]
    weights = [1 / (rank + 10) for rank in range(VOCABULARY)]

    def write(length: int) -> str:
        return " ".join(random_.choices(words, weights, k=length))

    return write


def fill(store: Stores, count: int) -> float:
    """Editions, forty stories each, twice a day; the seconds that publishing took."""
    random_ = random.Random(7)
    write = writer(random_)
    took = 0.0
    begin = datetime(2020, 1, 1, 7, 30, tzinfo=UTC)
    for number in range(count // EDITION):
        until = begin + timedelta(days=number // 2)
        name = DIGESTS[number % 2]
        entries = [
            entry(
                (write(9) if at % 5 else "".join(random_.choices(CHINESE, k=14))).capitalize(),
                f"{write(24)}.",
                f"{write(20)}.",
                id=f"{number}-{at}",
                topic=random_.choice(TOPICS),
                outlets=tuple(dict.fromkeys(random_.choices(OUTLETS, k=random_.choice([1, 1, 2, 4])))),
            )
            for at in range(EDITION)
        ]
        content = as_json(digest(*entries, name=name, edition=until.date(), until=until))
        made = Edition(digest=name, date=until.date(), since=until - timedelta(days=1), until=until)
        edition = store.editions.claim(made)
        started = time.perf_counter()
        store.editions.publish(edition, content, (), used=())
        took += time.perf_counter() - started
    return took


def queries() -> Iterator[tuple[str, Callable[[int], str]]]:
    """What readers type, each as a maker of the nth query of a kind."""
    yield "a frequent word", lambda n: word(n % 5)
    yield "a rare word", lambda n: word(20_000 + n)
    yield "two frequent words", lambda n: f"{word(n % 5)} {word(5 + n % 7)}"
    yield "two words, of 2 %", lambda n: f"{word(200 + n)} {word(300 + n)}"
    yield "a phrase", lambda n: f'"{word(n % 9)} {word((n + 3) % 9)}"'
    yield "a phrase that is nowhere", lambda n: f'"{word(n % 5)} {word(n % 5)} {word(n % 7)} {word(n % 3)}"'
    yield "one letter, a beginning", lambda n: f"{SYLLABLES[n][0]}*"
    yield "two letters, a beginning", lambda n: f"{SYLLABLES[n]}*"
    yield "four letters, a beginning", lambda n: f"{word(n)[:4]}*"
    yield "a beginning and a rare word", lambda n: f"{SYLLABLES[n][0]}* {word(20_000 + n)}"
    yield "frequent, without a frequent one", lambda n: f"{word(n % 5)} -{word(5 + n % 5)}"
    yield "without a frequent one", lambda n: f"-{word(n % 5)}"
    yield "one character", lambda n: CHINESE[n % 20]
    yield "two characters", lambda n: CHINESE[n % 20 : n % 20 + 2]
    yield "five characters", lambda n: CHINESE[n % 20 : n % 20 + 5]
    yield "a topic", lambda n: f'topic:"topic {n % 8}"'
    yield "an outlet and a word", lambda n: f'outlet:"outlet {n}" {word(n % 9)}'
    yield "an old month", lambda n: f"{word(n % 5)} from:2020-02 to:2020-02"
    yield "old, of a topic", lambda n: f'topic:"topic {n % 8}" to:2020-01-15 {word(n % 9)}'
    yield "nothing", lambda _: ""


def ask(store: Stores, digests: tuple[str, ...]) -> Iterator[str]:
    """A line for each kind."""
    for kind, make in queries():
        times, hits = [], 0
        for number in range(RUNS):
            query = parse_query(make(number))
            started = time.perf_counter()
            found = store.archive.search(query, digests=digests)
            times.append((time.perf_counter() - started) * 1000)
            hits += len(found.stories)
        times.sort()
        yield f"  {kind:34}{statistics.median(times):8.1f}{times[int(RUNS * 0.95)]:8.1f}{hits / RUNS:8.1f} found"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, running() as server:
        for kind, url in (("SQLite", ""), ("PostgreSQL", server.new_database())):
            with closing(open_store(Path(folder), url)) as store:
                took = fill(store, count)
                if url:
                    with store.database.migrating() as connection:
                        connection.execute(text("ANALYZE"))
                print(f"{kind}, {count} stories: ms median, p95, stories on the first page")
                for line in ask(store, DIGESTS):
                    print(line, flush=True)
                with store.database.reading() as connection:
                    size = connection.scalar(
                        text(
                            "SELECT pg_total_relation_size('sent_stories')"
                            if url
                            else "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%sent%'"
                        )
                    )
                print(
                    f"  publishing {took / (count // EDITION) * 1000:.1f} ms an edition; {(size or 0) / count / 1000:.1f} kB a story"
                )


if __name__ == "__main__":
    main()
