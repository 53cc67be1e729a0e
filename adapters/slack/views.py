"""Slack's calls about what a person has before them: windows, and the App Home, the page that each has of connect.

https://docs.slack.dev/surfaces/modals and https://docs.slack.dev/reference/methods/views.publish
"""

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

from adapters.slack.answers import Json, data_of, text_of
from adapters.slack.errors import translated
from adapters.slack.http import PooledWebClient


class Views:
    """The part of the client that is about windows and the App Home, whose call may simply be made again."""

    _web: PooledWebClient

    def open_view(self, trigger_id: str, view: Json) -> str:
        """Open a window for the user of the trigger, which lives three seconds; returns the view's id."""
        with translated(write=True):
            return text_of(data_of(self._web.views_open(trigger_id=trigger_id, view=view)).get("view"), "id")

    def push_view(self, trigger_id: str, view: Json) -> str:
        """Open a window above the one in which the trigger arose; returns the view's id."""
        with translated(write=True):
            return text_of(data_of(self._web.views_push(trigger_id=trigger_id, view=view)).get("view"), "id")

    def update_view(self, view_id: str, view: Json, view_hash: str = "") -> None:
        """Replace what an open window shows; with a hash, only if it has not changed since (`hash_conflict`)."""
        with translated(write=True):
            self._web.views_update(view_id=view_id, view=view, hash=view_hash or None)

    def publish_home(self, user: str, view: Json, over: str = "") -> str:
        """Show a person their home; returns the hash of what is shown from now on.

        With `over`, the hash of an earlier one, only if that is still shown: else `Rejected` with `hash_conflict`.
        """
        with translated(write=True):
            answer = data_of(self._web.views_publish(user_id=user, view=view, hash=over or None))
            return text_of(answer.get("view"), "hash")
