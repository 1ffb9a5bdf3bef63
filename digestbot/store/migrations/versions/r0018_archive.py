"""Every story that was sent, to be found again; and what a newer revision of an edition replaced.

The stories of earlier editions are made from the JSON of each, here and now: so no search is incomplete, and no process has to
remember how far it has come. It takes about a second for four hundred editions.
"""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

from digestbot.model import Edition
from digestbot.store.archive_rows import keep_stories
from digestbot.store.archive_tables import POSTGRESQL_SEARCH, SQLITE_SEARCH, SearchWords
from digestbot.store.column_types import EditionName, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("editions", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("editions", sa.Column("made", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE editions SET revision = coalesce((SELECT max(d.revision) FROM deliveries d"
        " WHERE d.digest = editions.digest AND d.edition = editions.date), 0)"
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "sent_stories",
        sa.Column("number", sa.Integer() if sqlite else sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("told", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False, server_default=""),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False, server_default=""),
        sa.Column("outlets", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("published", sa.DateTime(timezone=True)),
        sa.Column("day", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("course", sa.Text(), nullable=False, server_default=""),
        sa.Column("excerpt", sa.Text(), nullable=False, server_default=""),
        sa.Column("words", SearchWords(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_sent_stories"),
    )
    op.create_index("ix_sent_stories_digest_edition", "sent_stories", ["digest", "edition"])
    op.create_index("ix_sent_stories_digest_course", "sent_stories", ["digest", "course"])
    for statement in SQLITE_SEARCH if sqlite else [POSTGRESQL_SEARCH]:
        op.execute(statement)
    op.create_table(
        "older_revisions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True)),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "edition", "revision", name="pk_older_revisions"),
    )
    _keep_earlier_editions()


def _keep_earlier_editions() -> None:
    editions = sa.table(
        "editions",
        sa.column("digest", sa.Text()),
        sa.column("date", EditionName()),
        sa.column("since", UtcDateTime()),
        sa.column("until", UtcDateTime()),
        sa.column("revision", sa.Integer()),
        sa.column("content", sa.Text()),
    )
    connection = op.get_bind()
    order = (editions.c.digest, editions.c.date)
    for digest, date in connection.execute(sa.select(*order).where(editions.c.content != "").order_by(*order)).all():
        # One after the other: all of them at once may be hundreds of megabytes.
        wanted = sa.select(editions).where(editions.c.digest == digest, editions.c.date == date)
        row = connection.execute(wanted).one()
        edition = Edition(digest=digest, date=date, since=row.since, until=row.until)
        keep_stories(connection, edition, row.content, revision=row.revision)
