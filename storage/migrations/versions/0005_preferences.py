"""What a channel or a person has chosen."""

import sqlalchemy as sa
from alembic import op

from storage.columns import MYSQL_TABLE, BigId, Key, LongText, Utc

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("subject", Key(255), nullable=False),
        sa.Column("name", Key(64), nullable=False),
        sa.Column("value", LongText, nullable=False),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint("subject", "name", name=op.f("uq_preferences_subject_name")),
        sa.Index(op.f("ix_preferences_name"), "name"),
        **MYSQL_TABLE,
    )
