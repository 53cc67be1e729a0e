"""The GitHub webhooks that point here."""

import sqlalchemy as sa
from alembic import op

from storage.columns import MYSQL_TABLE, BigId, Key, Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("target_type", Key(32), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("hook_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.Column("looked_to", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hooks")),
        sa.UniqueConstraint("target_type", "target_id", "hook_id", name=op.f("uq_hooks_target_type_target_id_hook_id")),
        **MYSQL_TABLE,
    )
