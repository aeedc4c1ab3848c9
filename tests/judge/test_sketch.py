from __future__ import annotations

from math import cos, radians, sin
from typing import TYPE_CHECKING

import pytest
from comparing import cell, compared, told, whys
from evidences import evidence, passed
from hypothesis import given
from hypothesis import strategies as st

from envcheck.comparison import CellState, VectorValue
from envcheck.judge.sketch import cosine
from envcheck.policy import Policy
from envcheck.probes.base import Answer
from envcheck.probes.embeddings import EmbeddingsFacts
from envcheck.redact import Redacted
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Check

BASELINE = (1.0, 0.0)


def embedded(sketch: Sequence[float], *, dimensions: int = 2, model: str = "embed") -> Check:
    facts = EmbeddingsFacts(
        model=Redacted(model),
        dimensions=dimensions,
        unit_length=True,
        encoding_float=Answer.HONOURED,
        encoding_base64=Answer.HONOURED,
        usage_present=False,
        usage_fields=(),
        model_answered=None,
        sketch=tuple(sketch),
    )
    return passed("embeddings", facts)


def held(after: Check, policy: Policy | None = None) -> Comparison:
    """Hold a sketch in staging against one that points along the first axis."""
    before = evidence("production", embedded(BASELINE))
    return compared(before, evidence("staging", after), baseline="production", policy=policy or Policy())


def turned(degrees: float) -> tuple[float, float]:
    return round(cos(radians(degrees)), 4), round(sin(radians(degrees)), 4)


@pytest.mark.parametrize(("degrees", "rules"), [(11, []), (12, ["embeddings.vector"]), (180, ["embeddings.vector"])])
def test_a_vector_is_another_one_from_a_cosine_under_0_98(degrees: float, rules: list[str]) -> None:
    """That is 11.5 degrees."""
    assert [rule for rule, *_ in told(held(embedded(turned(degrees))))] == rules


def test_a_finding_has_the_cosine_as_a_number_and_the_same_fingerprint_every_night() -> None:
    """The angle is a little different every night, and the difference is not."""
    tonight, tomorrow = (held(embedded(turned(degrees))).findings[0] for degrees in (60, 61))
    assert (tonight.severity, tonight.cosine, tonight.expected, tonight.actual) == (Severity.ERR, 0.5, None, None)
    assert tonight.cosine != tomorrow.cosine
    assert tonight.fingerprint == tomorrow.fingerprint


def test_a_cell_has_the_components_and_the_cosine() -> None:
    """The baseline's has no cosine, for it is held against nothing."""
    comparison = held(embedded(turned(60)))
    assert cell(comparison, "sketch", "production").value == VectorValue(components=BASELINE)
    assert cell(comparison, "sketch").value == VectorValue(components=turned(60), cosine=0.5)


def test_vectors_of_other_sizes_are_held_by_their_size_alone() -> None:
    """A difference of dimensions is its own finding and goes before the angle."""
    comparison = held(embedded(turned(90), dimensions=3))
    assert [rule for rule, *_ in told(comparison)] == ["embeddings.dimensions"]
    assert cell(comparison, "sketch").state is CellState.INCOMPARABLE
    assert whys(cell(comparison, "sketch")) == [("other_fact", None)]


def test_vectors_of_other_models_prove_nothing() -> None:
    """Whoever asks two models gets two vectors."""
    comparison = held(embedded(turned(90), dimensions=3, model="other"))
    assert comparison.findings == ()
    assert whys(cell(comparison, "sketch")) == [("other_model", None)]
    assert whys(cell(comparison, "dimensions")) == [("other_model", None)]


def test_a_rule_that_is_switched_off_is_told_in_the_cell() -> None:
    """A difference that is not looked for is not hidden."""
    comparison = held(embedded(turned(90)), Policy(severity={"embeddings.vector": Severity.NONE}))
    assert comparison.findings == ()
    assert whys(cell(comparison, "sketch")) == [("switched_off", None)]


def test_zeros_point_nowhere() -> None:
    """A vector of only zeros is like another such one, and like nothing else."""
    assert cosine((0.0, 0.0), (0.0, 0.0)) == 1
    assert cosine((0.0, 0.0), (1.0, 0.0)) == 0


_SKETCHES = st.lists(st.floats(-1, 1, allow_nan=False), min_size=1, max_size=16)


@given(_SKETCHES, _SKETCHES)
def test_a_cosine_is_one_and_the_same_both_ways(one: list[float], other: list[float]) -> None:
    """Whatever is in the two, it is a cosine."""
    assert -1 <= cosine(one, other) <= 1
    assert cosine(one, other) == cosine(other, one)
