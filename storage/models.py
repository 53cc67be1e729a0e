"""The tables. `IntegrationLog` and `ServiceMapping` are also a contract with the users of the REST API.

Ids are compared byte for byte (`Key`), text is utf8mb4, times are aware UTC with microseconds (`Utc`).
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.accounts import LinkRequest, Tokens
from storage.columns import MYSQL_TABLE, Base, BigId, Blob, Key, LongText, Utc, Words, new_stamp

__all__ = (
    "Base", "Conclusion", "Delivery", "Hook", "IntegrationLog", "Lane", "LinkRequest", "Preference", "ServiceMapping",
    "Subscription", "Tokens",
)  # fmt: skip


class Delivery(Base):
    """One thing that arrived and was accepted: the inbox."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    service: Mapped[str] = mapped_column(Key(16))
    delivery_id: Mapped[str] = mapped_column(Key(255))
    event: Mapped[str] = mapped_column(Words(150))
    headers: Mapped[str] = mapped_column(LongText)
    body: Mapped[bytes] = mapped_column(Blob)
    """The raw body as it was signed, zlib-compressed."""
    received_at: Mapped[datetime] = mapped_column(Utc)
    status: Mapped[str] = mapped_column(Key(16))
    detail: Mapped[str] = mapped_column(Words, default="")
    """Why it was ignored or failed."""
    ordering_key: Mapped[str] = mapped_column(Key(255))
    due_at: Mapped[datetime] = mapped_column(Utc)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease_token: Mapped[str | None] = mapped_column(Key(32))
    lane: Mapped[str] = mapped_column(Key(255))
    """What shares the workers' time evenly with its like: a repository, a project, a workspace."""
    turn: Mapped[int] = mapped_column(Integer)
    """See `storage.turns`."""
    crashes: Mapped[int] = mapped_column(Integer, default=0)
    """How often in a row its worker did not come back."""
    updated_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (
        UniqueConstraint("service", "delivery_id"),
        Index(None, "turn", "lane", "due_at", "id"),
        Index(None, "ordering_key", "turn", "id"),
        Index(None, "status", "id"),
        MYSQL_TABLE,
    )


class IntegrationLog(Base):
    """One outside call, from its planning to its end: the outbox and the log in one row."""

    __tablename__ = "integration_logs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    delivery_id: Mapped[int | None] = mapped_column(BigId, index=True)
    key: Mapped[str] = mapped_column(Key(255), unique=True)
    """Unique for (delivery, operation, target), so that planning twice changes nothing."""
    source_service: Mapped[str] = mapped_column(Key(16))
    target_service: Mapped[str] = mapped_column(Key(16))
    event_type: Mapped[str] = mapped_column(Words(150))
    source_id: Mapped[str] = mapped_column(Key(255))
    target_id: Mapped[str] = mapped_column(Key(255))
    operation: Mapped[str] = mapped_column(Key(50))
    payload: Mapped[str] = mapped_column(LongText)
    status: Mapped[str] = mapped_column(Key(16))
    error_message: Mapped[str | None] = mapped_column(Words)
    marker: Mapped[str] = mapped_column(Key(32), index=True)
    ordering_key: Mapped[str] = mapped_column(Key(255))
    due_at: Mapped[datetime] = mapped_column(Utc)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    misses: Mapped[int] = mapped_column(Integer, default=0)
    """How often the marker was looked up and not found since `sent_at`."""
    lease_token: Mapped[str | None] = mapped_column(Key(32))
    lane: Mapped[str] = mapped_column(Key(255))
    """Whose limit the call counts against (see `storage.lanes`)."""
    turn: Mapped[int] = mapped_column(Integer)
    """See `storage.turns`."""
    crashes: Mapped[int] = mapped_column(Integer, default=0)
    """How often in a row its worker did not come back."""
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the call left; null again once it is sure that it had no effect."""
    remote_id: Mapped[str | None] = mapped_column(Key(255), index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(Utc)
    """When that was accepted on whose account the call is made."""
    created_at: Mapped[datetime] = mapped_column(Utc)
    updated_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (
        Index(None, "turn", "lane", "due_at", "id"),
        Index(None, "ordering_key", "turn", "id"),
        Index(None, "status", "id"),
        Index(None, "source_service", "id"),
        Index(None, "target_service", "id"),
        MYSQL_TABLE,
    )


class Lane(Base):
    """A lane, a service or a periodic job, with the time before which nobody may use it."""

    __tablename__ = "lanes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(Key(255), unique=True)
    paused_until: Mapped[datetime] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(Words(300))
    failures: Mapped[int] = mapped_column(Integer, default=0)
    """How often in a row the service did not answer as it should; while it is not 0, one call at a time goes out."""
    holder: Mapped[str | None] = mapped_column(Key(32))
    """The lease token of the row that has the lane to itself until `paused_until`."""
    updated_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (MYSQL_TABLE,)


class ServiceMapping(Base):
    """Two identifiers that belong together: issue and thread, comment and reply, pull request and card."""

    __tablename__ = "service_mappings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    source_service: Mapped[str] = mapped_column(Key(16))
    source_id: Mapped[str] = mapped_column(Key(255))
    target_service: Mapped[str] = mapped_column(Key(16))
    target_id: Mapped[str] = mapped_column(Key(255))
    mapping_type: Mapped[str] = mapped_column(Key(16))
    uid: Mapped[str] = mapped_column(Key(255), default="", index=True)
    """The numeric id of the Jira or GitHub side, which outlives a rename (`jira/10001`)."""
    extra_data: Mapped[str] = mapped_column(LongText)
    created_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (
        UniqueConstraint(
            "source_service",
            "source_id",
            "target_service",
            "target_id",
            "mapping_type",
            name="uq_service_mappings_pair",
        ),
        Index(None, "target_service", "target_id"),
        MYSQL_TABLE,
    )


class Subscription(Base):
    """A container and a channel, with the events and filters that pass."""

    __tablename__ = "subscriptions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    source_service: Mapped[str] = mapped_column(Key(16))
    source: Mapped[str] = mapped_column(Key(255))
    source_key: Mapped[str] = mapped_column(Key(255))
    """`source` in the case that the service compares it in: GitHub's names have none."""
    channel: Mapped[str] = mapped_column(Key(100))
    """Qualified by the workspace: `T0DEV00001/C0DEV00001`."""
    events: Mapped[str] = mapped_column(Text)
    filters: Mapped[str] = mapped_column(LongText)
    private: Mapped[bool] = mapped_column(Integer, default=0)
    """Whether what only some may see in the source (a private repository) may be shown in this channel."""
    created_by: Mapped[str] = mapped_column(Key(100))
    created_at: Mapped[datetime] = mapped_column(Utc)
    updated_at: Mapped[datetime] = mapped_column(Utc)
    strikes: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How often the channel has refused for good since something last reached it."""
    paused_at: Mapped[datetime | None] = mapped_column(Utc)
    """Since when nothing is planned for it; null while it is not paused."""
    paused_reason: Mapped[str | None] = mapped_column(Words(255))
    paused_by: Mapped[str | None] = mapped_column(Key(100))
    """Who paused it; null if its channel's refusals did."""
    name: Mapped[str] = mapped_column(Key(255), default="", server_default="")
    """What tells a channel's several subscriptions to one source apart; one of them may have no name."""
    style: Mapped[str] = mapped_column(Key(16), default="full", server_default="full")
    thread: Mapped[str] = mapped_column(Key(16), default="only", server_default="only")
    broadcast: Mapped[str | None] = mapped_column(Text)
    """JSON: the events that are told in the channel besides; null is none."""
    quiet_hours: Mapped[str | None] = mapped_column(Text)
    """JSON; null is none."""
    last_passed_at: Mapped[datetime | None] = mapped_column(Utc)
    """When it last let something through, to the minute."""
    last_held_at: Mapped[datetime | None] = mapped_column(Utc)
    last_held_reason: Mapped[str | None] = mapped_column(Words(255))
    """Why it held back what it held back last."""
    trouble: Mapped[str | None] = mapped_column(Words(255))
    """What is wrong with it, if something is that does not pause it."""
    reactions: Mapped[bool] = mapped_column(Integer, default=0, server_default="0")
    """Whether what happens later is shown by reactions to the card, and by nothing else."""
    replies: Mapped[bool] = mapped_column(Integer, default=1, server_default="1")
    """Whether what people reply beneath a card becomes a comment of its thing."""
    stamp: Mapped[int] = mapped_column(BigInteger, server_default="0", onupdate=new_stamp)
    """Another one after each change: what was read of a row of the same stamp need not be read again."""

    __table_args__ = (
        UniqueConstraint("source_service", "source_key", "channel", "name"),
        Index(None, "channel"),
        MYSQL_TABLE,
    )


class Conclusion(Base):
    """How a workflow or a check ended last on a branch."""

    __tablename__ = "conclusions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(Key(255), unique=True)
    """What of which repository, on which branch."""
    version: Mapped[str] = mapped_column(Key(64))
    """Sorts the ends in time, as text."""
    good: Mapped[bool] = mapped_column(Integer)
    turned: Mapped[bool] = mapped_column(Integer)
    """Whether the end before it was of the other kind."""
    updated_at: Mapped[datetime] = mapped_column(Utc, index=True)

    __table_args__ = (MYSQL_TABLE,)


class Hook(Base):
    """A GitHub webhook that points here, as its own verified deliveries say."""

    __tablename__ = "hooks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    target_type: Mapped[str] = mapped_column(Key(32))
    """`repository`, `organization`, or `integration`: a GitHub App."""
    target_id: Mapped[int] = mapped_column(BigInteger)
    hook_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Words(255))
    """`octo/app` or `octo`: what its address on GitHub is made of; an App's has no name in it."""
    seen_at: Mapped[datetime] = mapped_column(Utc)
    looked_to: Mapped[datetime | None] = mapped_column(Utc)
    """Nothing that GitHub delivered before this time is missing here; null: never looked."""

    __table_args__ = (UniqueConstraint("target_type", "target_id", "hook_id"), MYSQL_TABLE)


class Preference(Base):
    """What a channel, a person or a thread has chosen, by name."""

    __tablename__ = "preferences"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(Key(255))
    """Qualified by the workspace: `T0DEV00001/C0DEV00001`, `T0DEV00001/U0DEV00001`."""
    name: Mapped[str] = mapped_column(Key(64), index=True)
    value: Mapped[str] = mapped_column(LongText)
    """JSON."""
    updated_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (UniqueConstraint("subject", "name"), MYSQL_TABLE)
