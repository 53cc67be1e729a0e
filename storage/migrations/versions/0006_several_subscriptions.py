"""Several named subscriptions of a channel to one source, each with its own manner, and what became of it last."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Key, Utc

revision = "0006"
down_revision = "0005"

COLUMNS: tuple[sa.Column[Any], ...] = (
    sa.Column("name", Key(255), nullable=False, server_default=""),
    sa.Column("style", Key(16), nullable=False, server_default="full"),
    sa.Column("thread", Key(16), nullable=False, server_default="only"),
    sa.Column("broadcast", sa.Text(), nullable=True),
    sa.Column("quiet_hours", sa.Text(), nullable=True),
    sa.Column("paused_by", Key(100), nullable=True),
    sa.Column("last_passed_at", Utc(), nullable=True),
    sa.Column("last_held_at", Utc(), nullable=True),
    sa.Column("last_held_reason", sa.String(255), nullable=True),
    sa.Column("trouble", sa.String(255), nullable=True),
)


def upgrade() -> None:
    # SQLite cannot change a constraint: there the table is copied, once, with all that is new.
    with op.batch_alter_table("subscriptions") as table:
        for column in COLUMNS:
            table.add_column(column)
        table.drop_constraint("uq_subscriptions_source_service_source_key_channel", type_="unique")
        table.create_unique_constraint(
            "uq_subscriptions_source_service_source_key_channel_name",
            ["source_service", "source_key", "channel", "name"],
        )
