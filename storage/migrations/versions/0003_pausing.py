"""Subscriptions count the refusals of their channel, and may be paused."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("strikes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("subscriptions", sa.Column("paused_at", Utc(), nullable=True))
    op.add_column("subscriptions", sa.Column("paused_reason", sa.String(255), nullable=True))
