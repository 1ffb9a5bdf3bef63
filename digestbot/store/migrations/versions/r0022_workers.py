"""Which processes work on the queue, and what each holds; items are found by their ids."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workers",
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, server_default=""),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problems", sa.Text(), nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("worker", "kind", name="pk_workers"),
    )
    op.create_index("ix_items_id", "items", ["id"])
