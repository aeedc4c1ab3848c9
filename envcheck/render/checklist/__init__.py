"""The checklist of a rollout, for people who sign it: a comparison goes in, items in words and a page of them come out.

`items` says what has to be seen to and how far it is, `page` writes that as Markdown. The words of an item are those of
a sentence; a name that somebody else chose stands between backticks, and each format escapes both for where it is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Result


def checklist_files(result: Result) -> Iterator[tuple[str, str]]:
    """Yield `checklist.md`; nothing where nothing was compared."""
    from envcheck.policy import NO_CHECKLIST  # noqa: PLC0415 - `--help` imports this package
    from envcheck.render.checklist.items import with_checklist  # noqa: PLC0415 - as above
    from envcheck.render.checklist.page import page_of  # noqa: PLC0415 - as above

    comparison = result.comparison
    if comparison is None:
        return
    if comparison.checklist_head is None:
        comparison = with_checklist(comparison, result.evidences, NO_CHECKLIST)
    yield "checklist.md", page_of(comparison)
