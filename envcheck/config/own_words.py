"""What users write to be shown is theirs, and no report changes it: so it is refused where it holds a key of the run.

It is searched for exactly what the last tripwire looks for in a finished report, so that nothing that is accepted here
can end a run there. Header values and prompts that are words are theirs to write about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.config.cross import table
from envcheck.config.problems import Problem
from envcheck.config.secrets import secrets_of
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.config.expect_model import ExpectTable
    from envcheck.config.file_model import AcceptTable, ChecklistTable, File
    from envcheck.config.problems import Path
    from envcheck.model import Environment

_HOLDS_A_KEY: Final = "holds a key or a part of one; reports show this text, so take it out"
_SHOWN: Final = ("api_key_env", "model")


def keys_in_own_words(
    document: Mapping[str, object],
    environments: Sequence[Environment],
    file: File,
    redactor: Redactor,
) -> Iterator[Problem]:
    """Give a problem for each text of the file that reports show and that holds a key of these environments.

    `redactor` is the one that the run's reports are checked with.
    """
    names = list(table(document, "environments"))
    unspeakable = {name for name in names if redactor.holds_key(name)}
    for number, name in enumerate(names, start=1):
        if name in unspeakable:
            yield Problem(("environments",), f"the name of table {number} {_HOLDS_A_KEY}")
    of_file = [
        *_texts_of_accepts(file.accept),
        *_texts_of_expects(file.expect),
        *_texts_of_checklist(file.checklist),
    ]
    texts = [*of_file, *(each for one in environments for each in _texts_of(one, document))]
    for path, text in texts:
        if unspeakable.isdisjoint(path) and redactor.holds_key(text):
            yield Problem(path, _HOLDS_A_KEY)


def keys_in_flags(environment: Environment) -> Iterator[Problem]:
    """Give a problem for each flag whose value a report shows and that holds a key of the one endpoint."""
    holds_key = Redactor(secrets_of((environment,))).holds_key
    for field in _SHOWN:
        if (text := getattr(environment, field)) is not None and holds_key(text):
            yield Problem((field,), _HOLDS_A_KEY)


def _texts_of_accepts(accepts: Sequence[AcceptTable]) -> Iterator[tuple[Path, str]]:
    for index, accept in enumerate(accepts):
        yield ("accept", index, "reason"), accept.reason
        if accept.value is not None:
            yield ("accept", index, "value"), accept.value
        for number, value in enumerate(accept.values):
            yield ("accept", index, "values", number), value


def _texts_of_expects(expects: Sequence[ExpectTable]) -> Iterator[tuple[Path, str]]:
    for index, expect in enumerate(expects):
        for key in ("title", "equals", "not_equals", "matches"):
            if isinstance(text := getattr(expect, key), str):
                yield ("expect", index, key), text
        for key in ("one_of", "contains", "excludes"):
            for number, value in enumerate(getattr(expect, key) or ()):
                if isinstance(value, str):
                    yield ("expect", index, key, number), value


def _texts_of_checklist(checklist: ChecklistTable) -> Iterator[tuple[Path, str]]:
    if checklist.title is not None:
        yield ("checklist", "title"), checklist.title
    for number, line in enumerate(checklist.manual):
        yield ("checklist", "manual", number), line


def _texts_of(environment: Environment, document: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    own = table(table(document, "environments"), environment.name)
    for field in _SHOWN:
        text = getattr(environment, field)
        if text is not None:
            yield (("environments", environment.name, field) if field in own else ("defaults", field)), text
