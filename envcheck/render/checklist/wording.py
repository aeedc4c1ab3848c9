"""How the items of a checklist are worded: names between backticks, what was found, and what to do about it."""

from __future__ import annotations

import hashlib
import json
from itertools import islice
from typing import TYPE_CHECKING, Final

from envcheck.render.escape import for_terminal
from envcheck.render.telling import Telling
from envcheck.render.words import ARROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison, Finding

MOST_NAMED: Final = 3
ACCEPT: Final = "`envcheck accept`"
_BACKTICK: Final = "`"
_QUOTE: Final = "'"
_DIGITS: Final = 16


def quoted(name: str) -> str:
    """Give a name between backticks, which nothing in it can end."""
    return f"`{for_terminal(name).replace(_BACKTICK, _QUOTE).strip() or 'nothing'}`"


def few(said: Sequence[str], total: int | None = None, *, between: str = ", ") -> str:
    """Name the first few, and say how many more there are: of `total`, where not all are at hand."""
    total = len(said) if total is None else total
    # To name one more takes no more room than to say that there is one.
    kept = said[: MOST_NAMED + 1] if total <= MOST_NAMED + 1 else said[:MOST_NAMED]
    more = total - len(kept)
    if not more:
        return between.join(kept)
    return f"{total:,}: {between.join(kept)} and {more:,} more" if kept else f"{total:,} that are not named"


def and_remedy(what: str, remedy: str) -> str:
    """Say what is the matter, and what to do about it."""
    return f"{what} {ARROW} {remedy}" if remedy else what


def joined(*parts: str) -> str:
    """Put the parts of a detail on one line."""
    return " · ".join(part for part in parts if part)


def fingerprint(*names: str | None) -> str:
    """Give what an item is known by in every run: made of names, never of what was found."""
    return hashlib.sha256(json.dumps(["checklist", *names]).encode()).hexdigest()[:_DIGITS]


def telling_of(comparison: Comparison) -> Telling:
    """Tell findings as a checklist does."""
    settings = comparison.settings
    return Telling(quoted, settings is None or settings.confirm_over_s > 0, changed=_instead)


def found(findings: Sequence[Finding], telling: Telling) -> str:
    """Say what was found: members by name, everything else as it is told elsewhere."""
    lacking = [each for each in findings if _is_of_a_member(each) and _went(each)]
    added = [each for each in findings if _is_of_a_member(each) and not _went(each)]
    others = [each for each in findings if not _is_of_a_member(each)]
    is_one_field = len({finding.field for finding in findings}) == 1
    said = [
        telling.told(each) if is_one_field or each.expected_ms is not None else f"{each.field}: {telling.told(each)}"
        for each in others[: MOST_NAMED + 1]
    ]
    parts = [_members("lacks", lacking), _members("has besides", added), few(said, len(others))]
    return "; ".join(part for part in parts if part)


def _members(verb: str, findings: Sequence[Finding]) -> str:
    # A hostile list has thousands, of which few are named.
    named = islice((each for each in findings if each.unnamed is None), MOST_NAMED + 1)
    names = [quoted(each.value or "") for each in named]
    total = sum(1 if each.unnamed is None else each.unnamed for each in findings)
    return f"{verb} {few(names, total)}" if findings else ""


def _is_of_a_member(finding: Finding) -> bool:
    if finding.unnamed is not None:
        return True
    is_one_sided = (finding.expected is None) != (finding.actual is None)
    return is_one_sided and finding.note is None and finding.expected_ms is None


def _went(finding: Finding) -> bool:
    return finding.change == "removed" or (finding.change is None and finding.actual is None)


def _instead(expected: str, actual: str) -> str:
    return f"{actual} instead of {expected}"
