"""The first tables: feeds, items, editions and deliveries."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _collected()
    _made()


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _collected() -> None:
    op.create_table(
        "feeds",
        sa.Column("name", sa.Text(), nullable=False),
        _words("url"),
        _words("title"),
        _words("etag"),
        _words("last_modified"),
        _words("body_hash"),
        sa.Column("checked", MOMENT),
        sa.Column("succeeded", MOMENT),
        sa.Column("due", MOMENT),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failing_since", MOMENT),
        _words("error"),
        sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()),
        _words("configured"),
        sa.Column("ttl", sa.Integer(), nullable=False, server_default="0"),
        _words("moved_to"),
        sa.Column("moves", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("moved_on", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_feeds"),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        _words("feed"),
        _words("source"),
        _words("url"),
        _words("text"),
        sa.Column("keys", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("published", MOMENT),
        sa.Column("seen", MOMENT),
        sa.Column("authors", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("categories", sa.Text(), nullable=False, server_default="[]"),
        _words("language"),
        _words("image"),
        sa.Column("moment", MOMENT, nullable=False),
        sa.Column("listed", MOMENT, nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "id", name="pk_items"),
    )
    op.create_index("ix_items_moment", "items", ["moment"])
    op.create_table(
        "item_keys",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "key", name="pk_item_keys"),
        sa.ForeignKeyConstraint(
            ["feed", "item"], ["items.feed", "items.id"], name="fk_item_keys_items", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_item_keys_feed_item", "item_keys", ["feed", "item"])


def _made() -> None:
    op.create_table(
        "editions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _words("content"),
        sa.PrimaryKeyConstraint("digest", "date", name="pk_editions"),
    )
    op.create_table(
        "used_items",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("edition", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "item", name="pk_used_items"),
        sa.ForeignKeyConstraint(
            ["digest", "edition"], ["editions.digest", "editions.date"], name="fk_used_items_editions"
        ),
    )
    op.create_table(
        "deliveries",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("edition", sa.Date(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False, server_default="0"),
        _words("key"),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("claimed", MOMENT),
        sa.Column("not_before", MOMENT),
        sa.Column("deadline", MOMENT),
        _words("remote"),
        _words("error"),
        sa.PrimaryKeyConstraint("number", name="pk_deliveries"),
        sa.UniqueConstraint("key", name="uq_deliveries_key"),
        sa.UniqueConstraint(
            "digest", "edition", "recipient", "part", name="uq_deliveries_digest_edition_recipient_part"
        ),
        sa.ForeignKeyConstraint(
            ["digest", "edition"], ["editions.digest", "editions.date"], name="fk_deliveries_editions"
        ),
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state"])
