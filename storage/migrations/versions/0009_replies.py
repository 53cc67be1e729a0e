"""A subscription in whose threads replies stay in Slack."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("replies", sa.Integer(), nullable=False, server_default="1"))
