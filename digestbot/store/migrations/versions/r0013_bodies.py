"""What is sent is kept once for all who get it; and indexes for what is open and for the editions' counts.

A body that an earlier release kept is one delivery's alone, whole, and stays so.
"""
# ruff: noqa: INP001 -- loaded by path, not imported

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPEN = "state IN ('pending', 'sending')"


def upgrade() -> None:
    op.create_table(
        "bodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bodies"),
        sa.UniqueConstraint("digest", "edition", "checksum", name="uq_bodies_digest_edition_checksum"),
    )
    op.add_column("deliveries", sa.Column("body", sa.Integer()))
    op.execute(
        "INSERT INTO bodies (digest, edition, checksum, body)"
        " SELECT d.digest, d.edition, d.key, p.payload FROM payloads p JOIN deliveries d ON d.key = p.key"
    )
    op.execute(
        "UPDATE deliveries SET body = (SELECT b.id FROM bodies b"
        " WHERE b.digest = deliveries.digest AND b.edition = deliveries.edition AND b.checksum = deliveries.key)"
    )
    op.drop_table("payloads")
    op.drop_index("ix_deliveries_state", "deliveries")
    op.drop_index("ix_deliveries_digest_state_edition", "deliveries")
    op.create_index("ix_deliveries_digest_edition_state", "deliveries", ["digest", "edition", "state"])
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["digest", "edition", "part", "number"],
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
