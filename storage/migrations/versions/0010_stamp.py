"""A number in each subscription by which its row is told from what it was before."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0"))
