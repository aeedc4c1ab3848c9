"""The Markdown reports, for tickets and pull requests on GitHub and GitLab: a result goes in, pages come out.

It knows how the forges read Markdown, escapes for that, and judges nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Result


def markdown_files(result: Result) -> Iterator[tuple[str, str]]:
    """Yield the page of each environment, and of their comparison."""
    from envcheck.render.markdown import comparison_page, evidence_page  # noqa: PLC0415 - `--help` imports this package

    for evidence in result.evidences:
        yield f"{evidence.environment}.md", evidence_page.page_of(evidence)
    if result.comparison is not None:
        yield "comparison.md", comparison_page.page_of(result.comparison, result.evidences)
