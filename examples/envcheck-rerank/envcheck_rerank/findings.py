"""A line for each finding, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from envcheck.plugins.kit import Format, Result

if TYPE_CHECKING:
    from collections.abc import Iterator


def _files(result: Result) -> Iterator[tuple[str, str]]:
    """Yield one file; its name begins with the format's, so that it can be nobody else's."""
    if result.comparison is None:
        return
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("severity", "environment", "rule", "expected", "actual"))
    for each in result.comparison.findings:
        writer.writerow((each.severity.value, each.environment, each.rule, each.expected, each.actual))
    yield "findings_csv.csv", lines.getvalue()


FINDINGS_CSV: Final = Format("findings_csv", _files)
