"""Whether what is asked for has to wait, since the service that it is asked of does not answer."""

from bot.services import Services
from storage import lanes
from storage.integrations import NewIntegration


def is_away(services: Services, new: NewIntegration) -> bool:
    """Whether the service that is asked is known not to answer at the moment, so that the request waits."""
    with services.database.read() as connection:
        return bool(lanes.closed(connection, (lanes.service_of(new.lane),), services.now()))
