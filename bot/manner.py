"""How a subscription shows what passes it: style, thread or channel, quiet hours; the same for every service. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

type Style = Literal["full", "compact", "line"]
type Thread = Literal["only", "on", "off", "channel"]

STYLES: tuple[Style, ...] = ("full", "compact", "line")
"""The richest first."""
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class QuietHours(BaseModel):
    """From one time of day to another, past midnight if need be, in a time zone."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    begin: Annotated[Clock, Field(alias="from")]
    to: Clock
    timezone: Annotated[str, Field(max_length=64)]

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in available_timezones():
            missing = f"there is no time zone {value}" if value else "the time zone is missing"
            raise ValueError(f"{missing}; name one such as Europe/Berlin")
        return value

    @model_validator(mode="after")
    def _has_a_length(self) -> "QuietHours":
        if self.begin == self.to:
            raise ValueError("from and to are the same time")
        return self

    def written(self) -> dict[str, str]:
        """As it is stored and shown."""
        return {"from": self.begin, "to": self.to, "timezone": self.timezone}


def quiet_until(hours: Mapping[str, str] | None, now: datetime) -> datetime | None:
    """When the quiet hours end in which `now` (aware) lies, in UTC; None if it lies in none.

    A time of day that the clocks jump over (or pass twice) is the moment after the jump (the first of the two).
    """
    if not hours:
        return None
    zone = ZoneInfo(hours["timezone"])
    begin, to = time.fromisoformat(hours["from"]), time.fromisoformat(hours["to"])
    today = now.astimezone(zone).date()
    # Quiet hours that began yesterday may not be over; they are shorter than a day.
    for day in (today - timedelta(days=1), today):
        end = _moment(day if begin < to else day + timedelta(days=1), to, zone)
        if _moment(day, begin, zone) <= now < end:
            return end
    return None


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
