"""The tables of the accounts that people let connect use in their name; `storage.models` has all the others."""

from datetime import datetime

from sqlalchemy import Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import MYSQL_TABLE, Base, BigId, Key, Utc, Words


class Tokens(Base):
    """What a person in Slack has allowed connect to do as them in another service; the tokens are encrypted."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    service: Mapped[str] = mapped_column(Key(16))
    site: Mapped[str] = mapped_column(Key(200))
    """The address of the Jira that they are good for."""
    subject: Mapped[str] = mapped_column(Key(100))
    """The person in Slack: `T0DEV00001/U0DEV00001`."""
    account_id: Mapped[str] = mapped_column(Key(255))
    display: Mapped[str] = mapped_column(Words(255))
    """What the account is called."""
    cloud_id: Mapped[str] = mapped_column(Key(64))
    """By what Atlassian's gateway knows the site; empty on Data Center."""
    access: Mapped[str] = mapped_column(Text)
    refresh: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Words(500))
    expires_at: Mapped[datetime] = mapped_column(Utc)
    generation: Mapped[int] = mapped_column(Integer, default=0)
    """Counted up whenever other tokens take the place of these."""
    holder: Mapped[str | None] = mapped_column(Key(32))
    """Who renews them, until `held_until`: a refresh token is good for one exchange."""
    held_until: Mapped[datetime | None] = mapped_column(Utc)
    updated_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (UniqueConstraint("service", "site", "subject"), MYSQL_TABLE)


class LinkRequest(Base):
    """Somebody on their way to link an account: from the button in Slack until their browser comes back."""

    __tablename__ = "link_requests"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    service: Mapped[str] = mapped_column(Key(16))
    subject: Mapped[str] = mapped_column(Key(100), index=True)
    ticket: Mapped[str] = mapped_column(Key(64), unique=True)
    """The SHA-256 of what the button's address holds."""
    state: Mapped[str | None] = mapped_column(Key(64), unique=True)
    """The SHA-256 of OAuth's `state`; null until the ticket is used."""
    browser: Mapped[str | None] = mapped_column(Key(64))
    """The SHA-256 of the cookie of the browser in which it was used."""
    verifier: Mapped[str | None] = mapped_column(Text)
    """PKCE's, encrypted."""
    expires_at: Mapped[datetime] = mapped_column(Utc, index=True)

    __table_args__ = (MYSQL_TABLE,)
