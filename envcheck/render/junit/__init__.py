"""The checklist as JUnit XML, which GitLab, Jenkins and most CIs read: a result goes in, one document comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Result


def junit_files(result: Result) -> Iterator[tuple[str, str]]:
    """Yield `junit.xml`; nothing where nothing was compared."""
    from envcheck.render.junit.suites import document_of  # noqa: PLC0415 - `--help` imports this package

    if result.comparison is not None:
        yield "junit.xml", document_of(result.comparison)
