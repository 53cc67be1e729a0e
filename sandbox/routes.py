"""A Flask app whose routes are compiled once in a process: tests start thousands of stand-ins with the same ones."""

from collections.abc import Callable, Hashable
from typing import Any, ClassVar, override

from flask import Flask
from werkzeug.routing import Map


class RoutedApp(Flask):
    """All apps of one `kind` share a map of routes; each has its own views. They must add the same routes."""

    _shared: ClassVar[dict[Hashable, tuple[Map, set[tuple[Any, ...]]]]] = {}

    def __init__(self, import_name: str, kind: Hashable) -> None:
        super().__init__(import_name, static_folder=None)
        self.url_map, self._known = self._shared.setdefault(kind, (self.url_map, set()))

    @override
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """As Flask's; a route that another app of this kind has added costs nothing."""
        name = endpoint or getattr(view_func, "__name__", "")
        key = (rule, name, *options.get("methods", ()))
        if key in self._known and view_func is not None:
            self.view_functions[name] = view_func
            return
        super().add_url_rule(rule, name, view_func, provide_automatic_options, **options)
        self._known.add(key)
