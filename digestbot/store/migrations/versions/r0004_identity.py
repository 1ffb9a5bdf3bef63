"""An id of the installation, part of every delivery's key: it keeps two installations apart."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("identity", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("identity", name="pk_ledger"),
    )
