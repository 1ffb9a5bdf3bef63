"""What came back of the mails that were sent."""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXTS = ("address", "key", "code", "reason", "token", "recipient", "digest")


def upgrade() -> None:
    op.create_table(
        "returned_mails",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in TEXTS),
        sa.Column("proven", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("edition", sa.Text(), nullable=True),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name="pk_returned_mails"),
    )
    op.create_index("ix_returned_mails_address_key_at", "returned_mails", ["address_key", "at"])
    op.create_index("ix_returned_mails_settled_at", "returned_mails", ["settled", "at"])
