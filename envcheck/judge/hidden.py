"""What a redacted name may stand for: the same name may be redacted on one side and be shown on the other.

Redaction looks at what surrounds a name too (the secrets of its run, a list that is too odd to look at closely), so
a name that is redacted proves a difference only where what is left of it does not fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.redact import MARKER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from envcheck.redact import Redacted

MOST_SHAPES: Final = 20
"""With more redacted names than this on a side, none is held against the other side's, one by one."""


def is_hidden(name: str) -> bool:
    """Tell whether a part of the name, or all of it, is redacted."""
    return MARKER in name


def may_be_one(name: str, other: str) -> bool:
    """Tell whether the two may be the same name."""
    if not is_hidden(name) and not is_hidden(other):
        return name == other
    (head, tail), (other_head, other_tail) = _ends(name), _ends(other)
    heads_fit = head.startswith(other_head) or other_head.startswith(head)
    return heads_fit and (tail.endswith(other_tail) or other_tail.endswith(tail))


def surely_missing(names: Iterable[Redacted], others: Collection[Redacted]) -> list[Redacted]:
    """Give those of the names that none of the others can be, sorted."""
    missing = [name for name in names if name not in others]
    hidden = [name for name in others if is_hidden(name)]
    if len(hidden) > MOST_SHAPES:
        return []
    sure = [name for name in missing if not is_hidden(name) and not any(may_be_one(name, other) for other in hidden)]
    shapes = [name for name in missing if is_hidden(name)]
    if len(shapes) <= MOST_SHAPES:
        sure += [shape for shape in shapes if not any(may_be_one(shape, other) for other in others)]
    return sorted(sure)


def _ends(name: str) -> tuple[str, str]:
    return name.partition(MARKER)[0], name.rpartition(MARKER)[2]
