"""The tables of what readers look up: every story that was sent, and the revisions that newer ones replaced.

`sent_stories.number` says when a story was sent: whatever is read newest first is read backwards by it, without sorting. SQLite
searches by a full-text index beside the table, which triggers keep up to date; PostgreSQL by an index of the column `words`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Dialect,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    event,
)
from sqlalchemy.types import TypeEngine

from ..model import SentStory
from ..text.search_words import BORDER
from .column_types import EditionName, SafeText, UtcDateTime
from .schema import columns_of, metadata


class SearchWords(TypeDecorator[str]):
    """Words with spaces between them, as `text.search_words` makes them; on PostgreSQL a tsvector of just these words.

    PostgreSQL's own parser would split them by the rules of one language and one server.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return Text()
        from sqlalchemy.dialects.postgresql import TSVECTOR  # noqa: PLC0415 -- whoever has SQLite needs none of it

        return TSVECTOR()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        numbered = enumerate(value.split(" "), start=1)
        return " ".join(f"'{word}':{place}" for place, word in numbered if word and word != BORDER)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        places = {
            int(place): word[1:-1]
            for word, _, listed in (one.rpartition(":") for one in value.split(" ") if one)
            for place in listed.split(",")
        }
        return " ".join(places.get(place, BORDER) for place in range(1, max(places, default=0) + 1))


sent_stories = Table(
    "sent_stories",
    metadata,
    # SQLite's own row number, which has 64 bits under this name of a type alone.
    Column("number", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
    *columns_of(SentStory),
    Column("words", SearchWords, nullable=False),  # last: whoever reads the others need not read it
    Index(None, "digest", "edition"),
    Index(None, "digest", "course"),
)

# What the newest revision replaced: that one itself stands in `editions`.
older_revisions = Table(
    "older_revisions",
    metadata,
    Column("digest", SafeText, nullable=False),
    Column("edition", EditionName, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("made", UtcDateTime),
    Column("content", SafeText, nullable=False),
    PrimaryKeyConstraint("digest", "edition", "revision"),
)

# Mails have links under the name that a digest had.
former_names = Table(
    "former_names",
    metadata,
    Column("name", SafeText, nullable=False),
    Column("digest", SafeText, nullable=False),  # what it is called now
    PrimaryKeyConstraint("name"),
)

# Of all that is not ASCII every character is part of a word: words come folded and split already.
_FORGET = "INSERT INTO sent_words(sent_words, rowid, words) VALUES ('delete', old.number, old.words);"
_KNOW = "INSERT INTO sent_words(rowid, words) VALUES (new.number, new.words);"
SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE sent_words
    USING fts5(words, content='sent_stories', content_rowid='number', tokenize="ascii tokenchars '._'", prefix='1 2 3')""",
    f"CREATE TRIGGER sent_words_added AFTER INSERT ON sent_stories BEGIN {_KNOW} END",
    f"CREATE TRIGGER sent_words_gone AFTER DELETE ON sent_stories BEGIN {_FORGET} END",
    f"CREATE TRIGGER sent_words_changed AFTER UPDATE OF words ON sent_stories BEGIN {_FORGET} {_KNOW} END",
)
POSTGRESQL_SEARCH = "CREATE INDEX ix_sent_stories_words ON sent_stories USING gin (words)"


def _by_hand(moment: str, statement: str, dialect: str) -> None:
    """What SQLAlchemy has no words for, with the table or before it goes."""
    made: DDL = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
    event.listen(sent_stories, moment, made)


for _statement in SQLITE_SEARCH:
    _by_hand("after_create", _statement, "sqlite")
_by_hand("after_create", POSTGRESQL_SEARCH, "postgresql")
# What shadows it belongs to no table that SQLAlchemy knows.
_by_hand("before_drop", "DROP TABLE IF EXISTS sent_words", "sqlite")
