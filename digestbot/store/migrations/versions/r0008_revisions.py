"""Editions that are made again: a recipient may have a delivery of each revision."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = ("digest", "edition", "recipient", "part")
NOW = (*BEFORE, "revision")


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        deliveries.drop_constraint(f"uq_deliveries_{'_'.join(BEFORE)}", type_="unique")
        deliveries.create_unique_constraint(f"uq_deliveries_{'_'.join(NOW)}", list(NOW))
