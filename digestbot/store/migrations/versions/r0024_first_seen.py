"""An index for what came in after an edition's cutoff: a digest's first edition looks for it among all that is older than its window."""
# ruff: noqa: INP001 -- loaded by path, not imported

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_items_first_seen", "items", ["first_seen"])
