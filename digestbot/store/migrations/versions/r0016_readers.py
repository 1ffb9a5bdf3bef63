"""Which subscriber of which list a delivery is for."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("subscriber", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("deliveries", sa.Column("list", sa.Text(), nullable=False, server_default=""))
