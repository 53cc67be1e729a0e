"""Filters as subscriptions keep them, read into their model once, however many deliveries come. Pure."""

from collections.abc import Mapping

from pydantic import BaseModel

MOST_KNOWN = 4096


class Reader[Model: BaseModel]:
    """Reads the filters of one service's subscriptions; whoever gets a model leaves it as it is."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        self._none = model()
        # By their identity: subscriptions hand out the same mappings, unchanged. What is held here keeps its identity.
        self._known: dict[int, tuple[Mapping[str, object], Model]] = {}

    def __call__(self, filters: Mapping[str, object]) -> Model:
        """The filters in their model; raises `ValidationError` if they are none."""
        if not filters:
            return self._none
        known = self._known.get(id(filters))
        if known is not None and known[0] is filters:
            return known[1]
        found = self._model.model_validate(filters)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[id(filters)] = (filters, found)
        return found
