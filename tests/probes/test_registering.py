"""A slip in a probe's definition is told at once: a field that is judged by nobody would be a silent "same"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from envcheck.judge.duration import Duration
from envcheck.probes import PROBES, register
from envcheck.probes.base import Measure
from envcheck.probes.models import MODELS

if TYPE_CHECKING:
    from envcheck.probes.base import Probe

FIELD = next(iter(MODELS.fields))


@pytest.mark.parametrize(
    ("probe", "said"),
    [
        (MODELS, "there is a probe models already"),
        (replace(MODELS, name="other", fields=(FIELD, Duration("no_fact"))), "other: no_fact is none of its facts"),
        (
            replace(MODELS, name="other", fields=(FIELD, FIELD)),
            "have the same name: model_ids, model_ids",
        ),
        (replace(MODELS, name="other", measures=(Measure(FIELD.name, "total"),)), "two of its rows have the same name"),
        (replace(MODELS, name="other", measures=(Measure("outcome", "total"),)), "two of its rows have the same name"),
    ],
)
def test_a_probe_that_would_not_be_judged_as_it_says_is_refused(probe: Probe, said: str) -> None:
    """By its name, and what is wrong with it; nothing is registered."""
    with pytest.raises(ValueError, match=said):
        register(probe)
    assert "other" not in PROBES
