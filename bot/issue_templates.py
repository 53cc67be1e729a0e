"""Issue templates and issue forms of a repository on GitHub, as they lie in `.github/ISSUE_TEMPLATE`. Pure.

A file that is none is `Unreadable`, with the reason: GitHub leaves it out of its own choice, too.
https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms
"""

# PyYAML has types for some of what it does only.
# pyright: reportUnknownMemberType=false

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

import yaml

from bot.payload import mapping, objects, text
from bot.yaml_core import Loader

FOLDER = ".github/ISSUE_TEMPLATE"
CONFIG = ("config.yml", "config.yaml")
LEGACY_FOLDERS = (".github", "", "docs")
"""Where the one template of old may lie, the first that counts first."""
KINDS = ("markdown", "input", "textarea", "dropdown", "checkboxes", "upload")
MOST_TEMPLATES = 20
LARGEST = 40_000
"""In characters; a longer file is not read."""
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)(.*)\Z", re.DOTALL)


class Unreadable(ValueError):
    """What lies there is no template; the text says why."""


@dataclass(frozen=True)
class Part:
    """One part of an issue form: what it asks for, and what may be said."""

    kind: str
    label: str = ""
    about: str = ""
    placeholder: str = ""
    value: str = ""
    """What stands in it at first; of `markdown` what is shown."""
    render: str = ""
    """The language in whose code block the answer goes; empty if it is text."""
    options: tuple[str, ...] = ()
    needed: tuple[int, ...] = ()
    """Which of the `options` of checkboxes have to be ticked."""
    chosen: int = -1
    """Which option a dropdown begins with; -1: none."""
    several: bool = False
    required: bool = False


@dataclass(frozen=True)
class Template:
    """A template: Markdown (`body`), or a form of `parts`. `file` is its name in its folder."""

    name: str
    about: str = ""
    title: str = ""
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    body: str = ""
    parts: tuple[Part, ...] = ()
    file: str = ""
    type: str = ""
    """The issue type that GitHub gives to what is made of it; empty: none."""
    projects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """What a repository offers to whoever opens an issue; `links` are of name, address and what is there."""

    templates: tuple[Template, ...] = ()
    blank: bool = True
    links: tuple[tuple[str, str, str], ...] = ()
    maintainer: bool = False
    """Whether the person may write there: blank issues are theirs even where nobody else may open one."""
    legacy: Template | None = None
    """The one template of old, which a blank issue begins with where there is no other."""
    unread: tuple[tuple[str, str], ...] = ()
    """Files that are not offered, and why."""
    page: str = ""
    """The address of the repository."""


def is_template(name: str) -> bool:
    """Whether a file of the folder can be one, by its name."""
    return name.lower().endswith((".md", ".yml", ".yaml")) and name.lower() not in CONFIG


def is_legacy(name: str) -> bool:
    """Whether a file can be the one template of old, by its name."""
    return name.lower() in ("issue_template.md", "issue_template.txt", "issue_template")


def in_order(names: Iterable[str]) -> list[str]:
    """The files of the folder that can be templates as GitHub offers them: forms before Markdown."""
    return sorted(filter(is_template, names), key=lambda name: (name.lower().endswith(".md"), name))


def read_template(name: str, content: str) -> Template:
    """A template by its file; raises `Unreadable` if it is none."""
    if not content.strip():
        raise Unreadable("it is empty")
    if len(content) > LARGEST:
        raise Unreadable("it is too long to be read from here")
    return _form(name, content) if name.lower().endswith((".yml", ".yaml")) else _markdown(name, content)


def read_legacy(name: str, content: str) -> Template:
    """The one template of old: its text."""
    return Template("", body=content.replace("\r\n", "\n").strip(), file=name)


def read_config(content: str) -> tuple[bool, tuple[tuple[str, str, str], ...]]:
    """Whether blank issues may be opened, and the links that are offered besides; raises `Unreadable`."""
    given = _loaded(content)
    links = [
        (_line(each, "name"), _line(each, "url"), _line(each, "about"))
        for each in objects(given, "contact_links")[:10]
    ]  # fmt: skip
    return given.get("blank_issues_enabled") is not False, tuple(link for link in links if link[0] and link[1])


def as_json(choice: Choice) -> dict[str, Any]:
    """A choice as it is kept."""
    return json.loads(json.dumps(asdict(choice)))


def read_choice(kept: Mapping[str, Any]) -> Choice:
    """A choice as it was kept."""
    legacy = mapping(kept, "legacy")
    return Choice(
        tuple(_kept_template(each) for each in objects(kept, "templates")), kept.get("blank") is not False,
        tuple((str(name), str(url), str(about)) for name, url, about in kept.get("links") or ()),
        kept.get("maintainer") is True, _kept_template(legacy) if legacy else None,
        tuple((str(name), str(why)) for name, why in kept.get("unread") or ()), text(kept, "page"),
    )  # fmt: skip


def _kept_template(kept: Mapping[str, Any]) -> Template:
    lists: dict[str, Any] = {name: tuple(kept.get(name) or ()) for name in ("labels", "assignees", "projects")}
    lists["parts"] = tuple(_kept_part(each) for each in objects(kept, "parts"))
    return Template(**{**kept, **lists})


def _kept_part(kept: Mapping[str, Any]) -> Part:
    lists: dict[str, Any] = {name: tuple(kept[name]) for name in ("options", "needed")}
    return Part(**{**kept, **lists})


# --- files -----------------------------------------------------------------------------------------------------------


def _markdown(name: str, content: str) -> Template:
    found = _FRONT.match(content)
    given = _loaded(found[1]) if found else {}
    body = (found[2] if found else content).replace("\r\n", "\n").strip()
    title = _line(given, "name") or name.rpartition(".")[0].replace("_", " ").replace("-", " ").capitalize()
    head = (title, _line(given, "about"), _line(given, "title"))
    return Template(*head, **_defaults(given), body=body, file=name)


def _form(name: str, content: str) -> Template:
    given = _loaded(content)
    parts = tuple(part for each in objects(given, "body") if (part := _part(each)))
    if not _line(given, "name"):
        raise Unreadable("it has no name")
    if not any(part.kind != "markdown" for part in parts):
        raise Unreadable("it asks for nothing")
    head = (_line(given, "name"), _line(given, "description"), _line(given, "title"))
    return Template(*head, **_defaults(given), parts=parts, file=name)


def _defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: _names(given.get(name)) for name in ("labels", "assignees", "projects")}
    return {**lists, "type": _line(given, "type")}


def _names(given: object) -> tuple[str, ...]:
    """Names in a list, or in one line with commas between them."""
    each: Iterable[object] = cast("list[object]", given) if isinstance(given, list) else str(given or "").split(",")
    names = (str(name).strip().strip("\"'") for name in each if isinstance(name, str | int))
    return tuple(dict.fromkeys(name for name in names if name))


def _part(given: Mapping[str, Any]) -> Part | None:
    kind, more = _line(given, "type"), mapping(given, "attributes")
    if kind not in KINDS:
        return None
    options = _options(more.get("options"))
    chosen = more.get("default")
    return Part(
        kind, _line(more, "label"), _line(more, "description"), _line(more, "placeholder"), _words(more, "value"),
        _line(more, "render"), tuple(label for label, _ in options),
        tuple(number for number, (_, needed) in enumerate(options) if needed),
        chosen if isinstance(chosen, int) and 0 <= chosen < len(options) else -1,
        more.get("multiple") is True, mapping(given, "validations").get("required") is True,
    )  # fmt: skip


def _options(given: object) -> list[tuple[str, bool]]:
    """The words of each, and whether it has to be ticked."""
    found: list[tuple[str, bool]] = []
    for each in cast("list[object]", given) if isinstance(given, list) else []:
        known = cast("dict[str, Any]", each) if isinstance(each, dict) else {"label": each}
        if label := _line(known, "label"):
            found.append((label, known.get("required") is True))
    return found


def _loaded(content: str) -> dict[str, Any]:
    try:
        given: object = yaml.load(content, Loader)  # noqa: S506 - it is a SafeLoader
    except yaml.MarkedYAMLError as error:
        where = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise Unreadable(f"its YAML cannot be read{where}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable("its YAML cannot be read") from error
    return (
        {str(name): value for name, value in cast("dict[Any, Any]", given).items()} if isinstance(given, dict) else {}
    )


def _words(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return str(value).lower() if isinstance(value, bool) else text(given, name)


def _line(given: Mapping[str, Any], name: str) -> str:
    return " ".join(_words(given, name).split())
