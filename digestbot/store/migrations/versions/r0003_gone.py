"""Whether the address of a delivery is gone."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))
