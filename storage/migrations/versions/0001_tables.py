"""The four tables: the inbox, the log, the mappings and the subscriptions."""

import sqlalchemy as sa
from alembic import op

from storage.columns import MYSQL_TABLE, BigId, Blob, Key, LongText, Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    _deliveries()
    _integration_logs()
    _service_mappings()
    _subscriptions()


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("service", Key(16), nullable=False),
        sa.Column("delivery_id", Key(255), nullable=False),
        sa.Column("event", sa.String(150), nullable=False),
        sa.Column("headers", LongText, nullable=False),
        sa.Column("body", Blob, nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("status", Key(16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("ordering_key", Key(255), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", Key(32), nullable=True),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("service", "delivery_id", name=op.f("uq_deliveries_service_delivery_id")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_deliveries_ordering_key_status_id"), "deliveries", ["ordering_key", "status", "id"])
    op.create_index(op.f("ix_deliveries_status_due_at_id"), "deliveries", ["status", "due_at", "id"])


def _integration_logs() -> None:
    op.create_table(
        "integration_logs",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("delivery_id", BigId, nullable=True),
        sa.Column("key", Key(255), nullable=False),
        sa.Column("source_service", Key(16), nullable=False),
        sa.Column("target_service", Key(16), nullable=False),
        sa.Column("event_type", sa.String(150), nullable=False),
        sa.Column("source_id", Key(255), nullable=False),
        sa.Column("target_id", Key(255), nullable=False),
        sa.Column("operation", Key(50), nullable=False),
        sa.Column("payload", LongText, nullable=False),
        sa.Column("status", Key(16), nullable=False),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("marker", Key(32), nullable=False),
        sa.Column("ordering_key", Key(255), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("lease_token", Key(32), nullable=True),
        sa.Column("sent_at", Utc(), nullable=True),
        sa.Column("remote_id", Key(255), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integration_logs")),
        sa.UniqueConstraint("key", name=op.f("uq_integration_logs_key")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_integration_logs_delivery_id"), "integration_logs", ["delivery_id"])
    op.create_index(op.f("ix_integration_logs_marker"), "integration_logs", ["marker"])
    op.create_index(
        op.f("ix_integration_logs_ordering_key_status_id"), "integration_logs", ["ordering_key", "status", "id"]
    )
    op.create_index(op.f("ix_integration_logs_remote_id"), "integration_logs", ["remote_id"])
    op.create_index(op.f("ix_integration_logs_source_service_id"), "integration_logs", ["source_service", "id"])
    op.create_index(op.f("ix_integration_logs_status_due_at_id"), "integration_logs", ["status", "due_at", "id"])
    op.create_index(op.f("ix_integration_logs_target_service_id"), "integration_logs", ["target_service", "id"])


def _service_mappings() -> None:
    op.create_table(
        "service_mappings",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("source_service", Key(16), nullable=False),
        sa.Column("source_id", Key(255), nullable=False),
        sa.Column("target_service", Key(16), nullable=False),
        sa.Column("target_id", Key(255), nullable=False),
        sa.Column("mapping_type", Key(16), nullable=False),
        sa.Column("uid", Key(255), nullable=False),
        sa.Column("extra_data", LongText, nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_mappings")),
        sa.UniqueConstraint(
            "source_service",
            "source_id",
            "target_service",
            "target_id",
            "mapping_type",
            name="uq_service_mappings_pair",
        ),
        **MYSQL_TABLE,
    )
    op.create_index(
        op.f("ix_service_mappings_target_service_target_id"), "service_mappings", ["target_service", "target_id"]
    )
    op.create_index(op.f("ix_service_mappings_uid"), "service_mappings", ["uid"])


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("source_service", Key(16), nullable=False),
        sa.Column("source", Key(255), nullable=False),
        sa.Column("source_key", Key(255), nullable=False),
        sa.Column("channel", Key(100), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("filters", LongText, nullable=False),
        sa.Column("private", sa.Integer(), nullable=False),
        sa.Column("created_by", Key(100), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "source_service", "source_key", "channel", name=op.f("uq_subscriptions_source_service_source_key_channel")
        ),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_subscriptions_channel"), "subscriptions", ["channel"])
