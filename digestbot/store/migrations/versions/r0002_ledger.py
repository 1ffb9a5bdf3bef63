"""The bytes of deliveries in a table of their own, and the alerts that were sent."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payloads",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_payloads"),
        sa.ForeignKeyConstraint(["key"], ["deliveries.key"], name="fk_payloads_deliveries", ondelete="CASCADE"),
    )
    op.execute("INSERT INTO payloads (key, payload) SELECT key, payload FROM deliveries")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_column("payload")
    op.create_table(
        "alerts",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_alerts"),
    )
