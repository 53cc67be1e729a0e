"""Turns and lanes: a claim looks at the heads of the ordering keys, lane by lane, however long the tables are."""

import sqlalchemy as sa
from alembic import op

from storage.columns import MYSQL_TABLE, BigId, Key, Utc

revision = "0002"
down_revision = "0001"

TABLES = {"deliveries": "service", "integration_logs": "target_service"}


def upgrade() -> None:
    for table, service in TABLES.items():
        op.add_column(table, sa.Column("lane", Key(255), nullable=False, server_default=""))
        op.add_column(table, sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
        op.add_column(table, sa.Column("crashes", sa.Integer(), nullable=False, server_default="0"))
        _number(table, service)
        op.create_index(op.f(f"ix_{table}_turn_lane_due_at_id"), table, ["turn", "lane", "due_at", "id"])
        op.create_index(op.f(f"ix_{table}_status_id"), table, ["status", "id"])
        op.create_index(op.f(f"ix_{table}_ordering_key_turn_id"), table, ["ordering_key", "turn", "id"])
        op.drop_index(op.f(f"ix_{table}_status_due_at_id"), table)
        op.drop_index(op.f(f"ix_{table}_ordering_key_status_id"), table)
    op.add_column("integration_logs", sa.Column("accepted_at", Utc(), nullable=True))
    op.create_table(
        "lanes",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("name", Key(255), nullable=False),
        sa.Column("paused_until", Utc(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("holder", Key(32), nullable=True),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lanes")),
        sa.UniqueConstraint("name", name=op.f("uq_lanes_name")),
        **MYSQL_TABLE,
    )


def _number(table: str, service: str) -> None:
    """Give what is pending its turn: the oldest of each key is at the head, the others wait behind it."""
    op.execute(f"UPDATE {table} SET lane = {service}, turn = -2 WHERE status = 'pending'")  # noqa: S608
    oldest = f"SELECT MIN(id) AS id FROM {table} WHERE status = 'pending' GROUP BY ordering_key"  # noqa: S608
    op.execute(f"UPDATE {table} SET turn = 2 WHERE id IN (SELECT id FROM ({oldest}) AS heads)")  # noqa: S608
