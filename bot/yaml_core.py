"""YAML 1.2's core: `off`, `no` and `20:00` are words there, as they are for people."""

import re

import yaml

_WORDS = (
    ("tag:yaml.org,2002:bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), ("t", "T", "f", "F")),
    ("tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)$"), ("~", "n", "N", "")),
    ("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]{0,17})$"), tuple("-0123456789")),
)
"""What is no string although it is not quoted: its kind, its form, and what it may begin with."""


class Loader(yaml.SafeLoader):
    """Reads it."""

    yaml_implicit_resolvers = {first: [(tag, form)] for tag, form, firsts in _WORDS for first in firsts}  # noqa: RUF012
