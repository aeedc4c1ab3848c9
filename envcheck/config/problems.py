"""One mistake, as a sentence with its dotted path. No value of the file or of a variable is ever part of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeAlias

from pydantic_core import PydanticCustomError

from envcheck.config.blocks import blocks_of
from envcheck.config.secret_shapes import could_be_key
from envcheck.config.variable_names import is_no_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Sentence: TypeAlias = str | Callable[[], str]
    """What is wrong; or what says so, where that takes long: of thousands of mistakes only the first are said."""

Path: TypeAlias = tuple[str | int, ...]

MISTAKES: Final = "mistakes"
"""The type of the pydantic error with which a validator of ours reports; its context holds `found`."""

_SHOWN_BARE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHOWN_QUOTED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SHOWN_OF_ENVIRONMENT: Final = re.compile(r"[A-Za-z0-9._/ -]{1,64}")
_SHOWN_MISTAKES: Final = 50
"""More mistakes than these are counted: nobody reads them, and one wrong line can make thousands."""
_WITHOUT_NAMES: Final = frozenset({("accept",), ("expect",)})
_NEAR: Final = 0.7
_LEAST_BEGINNING: Final = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake."""

    path: Path
    sentence: Sentence
    of_variable: bool = False
    """It lies in a variable, not in the file, so it is none for an environment that takes no part."""

    def below(self, path: Path) -> Problem:
        """Give the same problem, seen from a table further up."""
        return Problem((*path, *self.path), self.sentence, self.of_variable)

    def __str__(self) -> str:
        where = dotted(self.path)
        return f"{where}: {self.said}" if where else self.said

    @property
    def said(self) -> str:
        """What is wrong, in words."""
        return self.sentence if isinstance(self.sentence, str) else self.sentence()


def rejected(*found: Problem) -> PydanticCustomError:
    """Make the error with which a validator reports any number of problems at once."""
    return PydanticCustomError(MISTAKES, "see the context", {"found": found})


def wrong(sentence: Sentence) -> PydanticCustomError:
    """Make the error with which a validator reports one problem of its own field."""
    return rejected(Problem((), sentence))


def shown(
    name: str, could_be_secret: Callable[[str], bool] = is_no_name, quoted: re.Pattern[str] = _SHOWN_QUOTED
) -> str:
    """Give the name of a key as a message may show it: one that could be a pasted secret is only described."""
    if could_be_secret(name) or not quoted.fullmatch(name):
        return f"(a name of {len(name)} characters)"
    return name if _SHOWN_BARE.fullmatch(name) else f'"{name}"'


def dotted(path: Path) -> str:
    """Give a path as TOML writes it, with the place in an array in brackets, counted from 0."""
    text = ""
    for place, part in enumerate(path):
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        # An environment may be named after a tenant's id, and without its name nobody finds the mistake.
        is_environment = path[:place] == ("environments",)
        name = shown(part, could_be_key, _SHOWN_OF_ENVIRONMENT) if is_environment else shown(part)
        text += f".{name}" if text else name
    return text


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that was most likely meant; None where none is near."""
    by_plain: dict[str, str] = {}
    for each in known:
        by_plain.setdefault(_plain(each), each)
    plain = _plain(name)
    matches = get_close_matches(plain, by_plain, n=1, cutoff=_NEAR)
    if not matches and len(plain) >= _LEAST_BEGINNING:
        matches = [each for each in by_plain if each.startswith(plain)]
    return by_plain[matches[0]] if len(matches) == 1 else None


def suggestion(name: str, known: Sequence[str]) -> str:
    """Give the end of a sentence about an unknown name: the nearest right one, else all of them."""
    near = nearest(name, known)
    if near is not None and not could_be_key(near):
        return f'did you mean "{near}"?'
    return "known here: " + listed(known)


def listed(names: Sequence[str], at_most: int = 20) -> str:
    """Join names for a sentence, and count those that are too many."""
    more = len(names) - at_most
    return ", ".join(shown(name, could_be_key) for name in names[:at_most]) + (f" and {more} more" if more > 0 else "")


def in_file_order(problems: Iterable[Problem], document: Mapping[str, object], text: str = "") -> list[str]:
    """Give the sentences, each once, in the order in which a reader of the file meets them; the first of many.

    Args:
        problems: in any order.
        document: the file's, for the order.
        text: the file's, for the lines of its `[[accept]]` and `[[expect]]` tables.

    """
    places = _Places(document)
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: places.position(problem.path))
    first = ordered[:_SHOWN_MISTAKES]
    named = {str(problem.path[0]) for problem in first if problem.path[:1] in _WITHOUT_NAMES}
    lines = {name: _lines_of(text, name) for name in named}
    said = list(dict.fromkeys(_told(problem, lines) for problem in first))
    more = len(ordered) - _SHOWN_MISTAKES
    return [*said, f"and {more:,} more; mend these first"] if more > 0 else said


def _lines_of(text: str, name: str) -> list[int]:
    """Give the line of each table of an array; none where they are written in another way."""
    lines: list[int] = []
    line, place = 1, 0
    for block in blocks_of(text, name):
        line += text.count("\n", place, block.start)
        place = block.start
        lines.append(line)
    return lines


def _told(problem: Problem, lines: Mapping[str, Sequence[int]]) -> str:
    """Say a mistake; one in a table that has no name with its line."""
    match problem.path:
        case ("accept" | "expect" as name, int(index), *rest):
            which = f"in line {lines[name][index]}" if lines[name] else f"no. {index + 1}"
            return f"[[{name}]] {which}{', ' if rest else ''}{dotted(tuple(rest))}: {problem.said}"
        case _:
            return str(problem)


class _Places:
    """Where keys stand in a document, each table looked through once."""

    def __init__(self, document: object) -> None:
        self._document = document
        self._orders: dict[int, dict[object, int]] = {}

    def position(self, path: Path) -> tuple[int, ...]:
        """Give what a path sorts by; what is not there comes after all that is."""
        position = []
        document = self._document
        for part in path:
            if isinstance(part, int):
                position.append(part)
                document = document[part] if isinstance(document, list) and part < len(document) else None
            else:
                order = self._order(document)
                position.append(order.get(part, len(order)))
                document = document.get(part) if isinstance(document, dict) else None
        return tuple(position)

    def _order(self, table: object) -> Mapping[object, int]:
        if not isinstance(table, dict):
            return {}
        if id(table) not in self._orders:
            self._orders[id(table)] = {key: number for number, key in enumerate(table)}
        return self._orders[id(table)]


def _plain(name: str) -> str:
    # A name longer than any of ours is near to none of them, and difflib's time is not linear.
    return name[:100].lower().replace("-", "_")
