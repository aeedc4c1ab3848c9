"""pydantic's errors in our sentences: the dotted path, what is expected there, and the remedy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from envcheck.config.expect_model import ExpectTable
from envcheck.config.file_model import (
    AcceptTable,
    ChecklistTable,
    Compare,
    Defaults,
    EnvironmentTable,
    File,
    ProbeTables,
)
from envcheck.config.history_model import HistoryTable
from envcheck.config.problems import MISTAKES, Problem, nearest
from envcheck.config.secret_shapes import could_be_key, names_a_secret
from envcheck.policy import Operator
from envcheck.probes import PROBES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from envcheck.config.problems import Path

_TABLES: Final[Mapping[str, type[BaseModel]]] = {
    "defaults": Defaults,
    "environments": EnvironmentTable,
    "compare": Compare,
    "accept": AcceptTable,
    "checklist": ChecklistTable,
    "expect": ExpectTable,
    "history": HistoryTable,
}
_OF_A_KEY: Final = "[key]"
"""How pydantic marks the error of a key itself, rather than of its value."""
_HOME: Final[Mapping[str, str]] = {
    **dict.fromkeys(("baseline", "plugins"), "at the top of the file, before the first [table]"),
    **dict.fromkeys(
        ("environments", "defaults", "compare", "accept", "expect", "checklist", "history"),
        "at the top level of the file",
    ),
    **dict.fromkeys(Compare.model_fields, "in [compare]"),
    **dict.fromkeys(("title", "manual"), "in [checklist]"),
    **dict.fromkeys(("rule", "reason", "expires", "at_most_ratio"), "in [[accept]]"),
    **dict.fromkeys((each.value for each in Operator), "in [[expect]]"),
    **dict.fromkeys(EnvironmentTable.model_fields, "in an [environments.NAME] table or in [defaults]"),
    "base_url": "in an [environments.NAME] table; each environment has its own",
    **dict.fromkeys(
        ("max_tokens", "max_completion_tokens", "temperature", "top_p", "seed", "stop", "tools", "response_format"),
        "in chat_params",
    ),
}
"""Where a key belongs that was written in another table."""

_ALIASES: Final[Mapping[str, str]] = {
    "url": "base_url",
    "endpoint": "base_url",
    "api_base": "base_url",
    "proxies": "proxy",
    "http_proxy": "proxy",
    "ca": "ca_file",
    "ca_bundle": "ca_file",
    "cert": "ca_file",
    "insecure": "verify_tls",
    "ssl_verify": "verify_tls",
    "extra_body": "chat_params",
    "params": "chat_params",
}
"""What other tools call a key of ours; difflib would find none, or a wrong one."""

_WRONG_TYPE: Final[Mapping[str, str]] = {
    "string_type": "must be a string, in quotes",
    "int_type": "must be a whole number, without quotes",
    "float_type": "must be a number, without quotes",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false, without quotes",
    "list_type": "must be an array, in square brackets",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "date_type": "must be a date, such as 2027-01-31, without quotes",
}
_LIMIT: Final[Mapping[str, str]] = {
    "missing": "is missing, and must be given",
    "enum": "must be {expected}",
    "too_short": "must not be empty",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
}
_DEPTH_OF_A_KEY: Final = 3
"""In `environments.NAME.key`."""
_NO_KEY_HERE: Final = (
    "a key must not be in this file; put it in a variable, name that in api_key_env, and replace a key that others saw"
)
_NO_ENVIRONMENT: Final = (
    'at least one [environments.NAME] table with a base_url is needed; "envcheck init" writes a starter file'
)


def explained(error: ValidationError) -> Iterator[Problem]:
    """Give the problems in an error of any of the file's models."""
    errors = error.errors(include_url=False)
    wrong_keys = {each["loc"][:-1] for each in errors if each["loc"][-1:] == (_OF_A_KEY,)}
    for each in errors:
        if each["loc"] in wrong_keys:
            continue  # what stands at a key that there is not is no second mistake
        path: Path = tuple(part for part in each["loc"] if part != _OF_A_KEY)
        if each["type"] == MISTAKES:
            found = cast("Sequence[Problem]", each["ctx"]["found"])
            yield from (problem.below(path) for problem in found)
        else:
            yield Problem(path, partial(_sentence, path, each))


def _sentence(path: Path, error: ErrorDetails) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, error["input"])
    if kind in _WRONG_TYPE:
        return _wrong_type(path, kind)
    if path == ("environments",):
        return _NO_ENVIRONMENT
    return _LIMIT.get(kind, "is not valid").format_map(error.get("ctx", {})).replace("'", '"')


def _wrong_type(path: Path, kind: str) -> str:
    if path in {("accept",), ("expect",)}:
        return f"must be written as [[{path[0]}]], in double brackets"
    if path[:1] == ("environments",) and len(path) < _DEPTH_OF_A_KEY:
        return "must be a table, written as [environments.NAME]"
    return _WRONG_TYPE[kind]


def _unknown_key(path: Path, value: object) -> str:
    key = str(path[-1])
    table = _table_at(path[:-1])
    if names_a_secret(key) or could_be_key(key):
        return _NO_KEY_HERE
    if key in _HOME:
        return f"does not belong here; write it {_HOME[key]}"
    meant = _ALIASES.get(key.lower())
    if meant not in table.model_fields:
        meant = nearest(key, table.model_fields)
    if meant is not None:
        return f'unknown key; did you mean "{meant}"?'
    if isinstance(value, dict) and table is EnvironmentTable:
        return 'unknown table; an environment whose name holds a dot needs quotes, as in [environments."a.b"]'
    elsewhere = nearest(key, _HOME)
    if elsewhere is not None:
        return f'unknown key; did you mean "{elsewhere}", which belongs {_HOME[elsewhere]}?'
    return f"unknown key; known here: {', '.join(table.model_fields)}"


def _table_at(path: Path) -> type[BaseModel]:
    match path:
        case ():
            return File
        case ("defaults", "probe") | ("environments", _, "probe"):
            return ProbeTables
        case ("defaults", "probe", str(name)) | ("environments", _, "probe", str(name)):
            return PROBES[name].options or ProbeTables
        case _:
            return _TABLES[str(path[0])]
