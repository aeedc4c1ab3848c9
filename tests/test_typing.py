from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

pytestmark = pytest.mark.thorough

CASE = Path(__file__).parent / "typing_tests" / "raw_text_in_evidence.py"


def test_mypy_refuses_raw_text_in_evidence() -> None:
    """The seam is held by the type checker: text that no redactor has made cannot become evidence."""
    report, _, status = api.run([str(CASE), "--no-error-summary"])
    assert status == 1
    assert report.count("error:") == 1
    assert 'Argument "request" to "Check" has incompatible type "str"; expected "Redacted"' in report
