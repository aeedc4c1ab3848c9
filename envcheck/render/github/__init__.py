"""What GitHub Actions shows of a run: a result goes in, a page for the step's summary and annotations come out.

It knows how GitHub reads both and how much of them it takes; where they go is for `cli` to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Result

STEP_SUMMARY: Final = "step-summary.md"
ANNOTATIONS: Final = "annotations.txt"
MOST_OF_A_SUMMARY: Final = 900 * 1024
"""Bytes. A step may have 1 MiB, and a larger summary is dropped whole without a word in the log:
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits"""


def github_texts(result: Result) -> Iterator[tuple[str, str]]:
    """Yield the comparison's page, cut where it is too long, and annotations; nothing where nothing was compared."""
    from envcheck.render.github.annotations import annotations_of  # noqa: PLC0415 - `--help` imports this package
    from envcheck.render.github.cut import cut  # noqa: PLC0415 - as above
    from envcheck.render.markdown.comparison_page import page_of  # noqa: PLC0415 - as above

    if result.comparison is not None:
        yield STEP_SUMMARY, cut(page_of(result.comparison, result.evidences), MOST_OF_A_SUMMARY)
        yield ANNOTATIONS, annotations_of(result.comparison)
