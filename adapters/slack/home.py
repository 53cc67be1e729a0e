"""Slack's call about the App Home, the page that each person has of connect.

https://docs.slack.dev/reference/methods/views.publish
"""

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

from adapters.slack.answers import Json, data_of, text_of
from adapters.slack.errors import translated
from adapters.slack.http import PooledWebClient


class Home:
    """The part of the client that is about the App Home. The call may simply be made again."""

    _web: PooledWebClient

    def publish_home(self, user: str, view: Json, over: str = "") -> str:
        """Show a person their home; returns the hash of what is shown from now on.

        With `over`, the hash of an earlier one, only if that is still shown: else `Rejected` with `hash_conflict`.
        """
        with translated(write=True):
            answer = data_of(self._web.views_publish(user_id=user, view=view, hash=over or None))
            return text_of(answer.get("view"), "hash")
