"""Editions by name, `2026-05-27` or `2026-05-27T1800`, and since when a digest goes out at which times."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAMED = (("editions", "date"), ("used_items", "edition"), ("deliveries", "edition"))
REFERRING = (("used_items", "fk_used_items_editions"), ("deliveries", "fk_deliveries_editions"))


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # A date is stored as this text already; only the declared type changes.
        for table, column in NAMED:
            with op.batch_alter_table(table, recreate="always") as batch:
                batch.alter_column(column, existing_type=sa.Date(), type_=sa.Text(), existing_nullable=False)
    else:
        for table, reference in REFERRING:
            op.drop_constraint(reference, table, type_="foreignkey")
        for table, column in NAMED:
            form = f"to_char(\"{column}\", 'YYYY-MM-DD')"
            op.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" TYPE TEXT USING {form}')
        for table, reference in REFERRING:
            op.create_foreign_key(reference, table, "editions", ["digest", "edition"], ["digest", "date"])
    op.create_table(
        "plans",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "since", name="pk_plans"),
    )
