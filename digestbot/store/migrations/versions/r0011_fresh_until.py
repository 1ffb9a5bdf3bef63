"""Until when a feed has said, by itself, not to be asked: `serve` asks no feed before that, whatever edition is near."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("fresh_until", sa.DateTime(timezone=True)))
