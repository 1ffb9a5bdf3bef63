"""Columns and tables under the names that the code has for them; recipients of incoming webhooks as `slack-webhook:`."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RENAMED = {
    "feeds": {"configured": "configured_as", "moves": "redirect_days", "moved_on": "redirect_seen_on"},
    "items": {"seen": "first_seen", "moment": "effective_time", "listed": "last_listed"},
    "deliveries": {"remote": "remote_id", "gone": "address_gone"},
}


def upgrade() -> None:
    op.drop_index("ix_items_moment", "items")
    for table, columns in RENAMED.items():
        for old, new in columns.items():
            # Both databases rename a column in place; Alembic's batch would copy the whole table on SQLite.
            op.execute(f'ALTER TABLE {table} RENAME COLUMN "{old}" TO "{new}"')
    op.create_index("ix_items_effective_time", "items", ["effective_time"])
    op.create_table(
        "installation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
    )
    op.execute("INSERT INTO installation (id) SELECT identity FROM ledger")
    op.drop_table("ledger")
    # The keys of deliveries were made with the old spelling and stay: by them messages that were sent are found again.
    op.execute("UPDATE deliveries SET recipient = 'slack-' || recipient WHERE recipient LIKE 'webhook:%'")
    # Operators read these errors in `status`, and would set what no longer exists.
    op.execute("UPDATE deliveries SET error = replace(error, 'DIGESTBOT_WEBHOOKS__', 'DIGESTBOT_SLACK_WEBHOOKS__')")
    op.execute("UPDATE alerts SET subject = 'account slack-webhook' WHERE subject = 'account webhook'")
