"""What people do to an issue: assign it, move it through its workflow, edit it, watch it.

All of it may be repeated: it sets what is so already. Whose rights count is the caller's concern.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.document import Document
from adapters.errors import Invalid, Rejected
from adapters.jira.accounts import Account, Accounts
from adapters.jira.issues import Issues
from adapters.jira.reading import mapping, objects, string
from adapters.jira.screens import Field, Kind, read_fields
from adapters.jira.site import valid_key

type Value = str | Sequence[str] | Document | None
"""What was typed or chosen: words, ids of options or a user's id, a text; None empties the field."""


@dataclass(frozen=True)
class Transition:
    """A step that an issue can take now; `to` is the status that it leads to, `fields` what its screen asks for."""

    id: str
    name: str
    to: str
    fields: tuple[Field, ...] = ()


class Doing(Issues, Accounts):
    """The part of the client that acts on an issue. All of its methods raise `NotFound` if there is no such issue."""

    def transitions(self, key: str) -> list[Transition]:
        """The steps of the workflow that are possible now, with their screens."""
        answer = mapping(self._session.get("issue", valid_key(key), "transitions", expand="transitions.fields"))
        return [
            Transition(string(raw.get("id")), string(raw.get("name")), string(mapping(raw.get("to")).get("name")),
                       read_fields(raw.get("fields")))
            for raw in objects(answer.get("transitions"))
        ]  # fmt: skip

    def transition(self, key: str, step: Transition, fields: Mapping[str, Any] | None = None) -> None:
        """Take a step; `fields` in Jira's shapes (see `shaped`). Fine if the issue has come to that status meanwhile.

        Raises `Invalid` with Jira's sentence for each field that it does not accept.
        """
        body: dict[str, Any] = {"transition": {"id": step.id}} | ({"fields": dict(fields)} if fields else {})
        try:
            self._session.do("issue", valid_key(key), "transitions", body=body)
        except Rejected as refused:
            # A step cannot be taken twice: an earlier call, of which no answer came, may have had its effect.
            if (isinstance(refused, Invalid) and refused.fields) or self.issue(key).status != step.to:
                raise

    def assign(self, key: str, account: Account | str | None) -> None:
        """Assign an issue to a user (or their id), or to nobody."""
        nobody = {"accountId" if self.cloud else "name": None}
        self._session.put("issue", valid_key(key), "assignee", body=self.named(account) if account else nobody)

    def screen(self, key: str) -> tuple[Field, ...]:
        """The fields that can be edited."""
        return read_fields(mapping(self._session.get("issue", valid_key(key), "editmeta")).get("fields"))

    def edit(
        self, key: str, fields: Mapping[str, Any], add_labels: Sequence[str] = (), remove_labels: Sequence[str] = ()
    ) -> None:
        """Set fields (in Jira's shapes), and labels one by one, so that those that others set meanwhile stay."""
        labels = [{"add": label} for label in add_labels] + [{"remove": label} for label in remove_labels]
        update = {"update": {"labels": labels}} if labels else {}
        self._session.put("issue", valid_key(key), body={"fields": dict(fields), **update})

    def watch(self, key: str, account: Account) -> None:
        """Let a user watch an issue."""
        (who,) = self.named(account).values()
        self._session.do("issue", valid_key(key), "watchers", body=who)

    def unwatch(self, key: str, account: Account) -> None:
        """Let a user watch an issue no more."""
        (who,) = self.named(account).values()
        self._session.delete("issue", valid_key(key), "watchers", **{"accountId" if self.cloud else "username": who})

    def shaped(self, kind: Kind, value: Value) -> Any:
        """What was typed or chosen, as Jira takes it in a field of this kind. Raises ValueError for no number."""
        if value is None or value in ("", ()):
            return None
        if isinstance(value, Document):
            return self._body(value)
        if kind == "option":
            return {"id": value}
        if kind == "options":
            return [{"id": one} for one in value]
        if kind == "user":
            return self.named(str(value))
        return float(str(value)) if kind == "number" else value
