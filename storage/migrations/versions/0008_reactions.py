"""A subscription that only reacts, and how workflows ended last on each branch."""

import sqlalchemy as sa
from alembic import op

from storage.columns import MYSQL_TABLE, BigId, Key, Utc

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("reactions", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "conclusions",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("subject", Key(255), nullable=False),
        sa.Column("version", Key(64), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("turned", sa.Integer(), nullable=False),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conclusions")),
        sa.UniqueConstraint("subject", name=op.f("uq_conclusions_subject")),
        sa.Index(op.f("ix_conclusions_updated_at"), "updated_at"),
        **MYSQL_TABLE,
    )
