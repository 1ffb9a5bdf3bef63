"""Readers of lists, addresses that are suppressed, and the secrets that tokens are made with."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False, server_default=""),
        sa.Column("plain", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("asked", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
        sa.UniqueConstraint("key", name="uq_subscribers_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "subscriptions",
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("subscriber", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("consented", sa.BigInteger()),
        sa.Column("frequency", sa.Text(), nullable=False, server_default="each"),
        sa.Column("topics", sa.Text(), nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("list", "subscriber", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(
            ["subscriber"], ["subscribers.id"], name="fk_subscriptions_subscribers", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_subscriptions_subscriber", "subscriptions", ["subscriber"])
    op.create_table(
        "suppressions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_suppressions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )
