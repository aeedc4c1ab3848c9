"""The JSON reports: the records themselves, as `envcheck schema` describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.render.escape import for_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Comparison, Result
    from envcheck.evidence import Evidence


def json_files(result: Result) -> Iterator[tuple[str, str]]:
    """Yield the record of each environment, and of their comparison."""
    for evidence in result.evidences:
        yield f"{evidence.environment}.json", document_of(evidence)
    if result.comparison is not None:
        yield "comparison.json", document_of(result.comparison)


def document_of(record: Evidence | Comparison) -> str:
    """Render one record, with a newline at its end."""
    return for_json(record.model_dump_json(indent=2)) + "\n"
