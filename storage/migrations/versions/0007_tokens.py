"""What people have allowed connect to do as them, and those who are on their way to it."""

import sqlalchemy as sa
from alembic import op

from storage.columns import MYSQL_TABLE, BigId, Key, Utc, Words

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("service", Key(16), nullable=False),
        sa.Column("site", Key(200), nullable=False),
        sa.Column("subject", Key(100), nullable=False),
        sa.Column("account_id", Key(255), nullable=False),
        sa.Column("display", Words(255), nullable=False),
        sa.Column("cloud_id", Key(64), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("refresh", sa.Text(), nullable=False),
        sa.Column("scope", Words(500), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("holder", Key(32), nullable=True),
        sa.Column("held_until", Utc(), nullable=True),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("service", "site", "subject", name=op.f("uq_tokens_service_site_subject")),
        **MYSQL_TABLE,
    )
    op.create_table(
        "link_requests",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("service", Key(16), nullable=False),
        sa.Column("subject", Key(100), nullable=False),
        sa.Column("ticket", Key(64), nullable=False),
        sa.Column("state", Key(64), nullable=True),
        sa.Column("browser", Key(64), nullable=True),
        sa.Column("verifier", sa.Text(), nullable=True),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_requests")),
        sa.UniqueConstraint("ticket", name=op.f("uq_link_requests_ticket")),
        sa.UniqueConstraint("state", name=op.f("uq_link_requests_state")),
        sa.Index(op.f("ix_link_requests_subject"), "subject"),
        sa.Index(op.f("ix_link_requests_expires_at"), "expires_at"),
        **MYSQL_TABLE,
    )
