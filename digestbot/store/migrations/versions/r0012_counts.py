"""Indexes from which `status` is answered: deliveries by state, and the feeds that had items in a time."""
# ruff: noqa: INP001 -- loaded by path, not imported

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_items_effective_time", "items")
    op.create_index("ix_items_effective_time_feed", "items", ["effective_time", "feed"])
    op.create_index("ix_deliveries_digest_state_edition", "deliveries", ["digest", "state", "edition"])
