"""What a failure class means, and what to check first."""

from __future__ import annotations

import pytest

from envcheck.model import FailureClass
from envcheck.render.advice import advice_for


@pytest.mark.parametrize("failure", [*(each.value for each in FailureClass), "http_418", "http_600"])
def test_every_class_has_two_whole_sentences_of_its_own(failure: str) -> None:
    """Whatever evidence can name, a reader is told what it means and where to look."""
    advice = advice_for(failure)
    assert advice.meaning.endswith(".")
    assert advice.first_check.endswith((".", "?"))
    assert advice.meaning != advice.first_check
    others = (advice_for(each.value).meaning for each in FailureClass if each.value != failure)
    assert advice.meaning not in others


def test_an_unusual_status_is_named() -> None:
    """`http_418` talks about 418."""
    advice = advice_for("http_418")
    assert "418" in advice.meaning
    assert "418" in advice.first_check


def test_what_is_no_class_is_refused() -> None:
    """A misspelt class is a fault of ours, not a reason to make up advice."""
    with pytest.raises(ValueError, match="tea"):
        advice_for("tea")
