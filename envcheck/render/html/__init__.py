"""Pages for a browser: a result goes in, one whole HTML file for each environment and one of the comparison come out.

A page holds all it needs: nothing is fetched, no script runs. Only this room knows `jinja2`, which is no part of
envcheck's own installation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Result


def html_files(result: Result) -> Iterator[tuple[str, str]]:
    """Yield the page of each environment, and of their comparison."""
    from envcheck.render.html import pages  # noqa: PLC0415 - `--help` imports this package
    from envcheck.render.html.past import nights_of  # noqa: PLC0415 - as above

    for evidence in result.evidences:
        yield f"{evidence.environment}.html", pages.environment_page(evidence)
    if result.comparison is not None:
        nights = None if result.past is None else nights_of(result.past)
        yield "comparison.html", pages.comparison_page(result.comparison, result.evidences, nights)
