"""What the comparison really makes, rendered: the two rooms share some words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from envcheck.compare import compare
from envcheck.demo.sample import GENERATED_AT, sample_evidence, sample_evidences
from envcheck.policy import Policy
from envcheck.probes.models import MAX_IDS
from envcheck.redact import Redacted
from envcheck.render import RENDERERS
from envcheck.render.terminal.table import render

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence


def compared(*evidences: Evidence) -> Comparison:
    return compare(
        evidences, baseline=None, policy=Policy(), generated_at=GENERATED_AT, today=date(2026, 1, 15), twins=()
    )


def listing(name: str, listed: int, total: int) -> Evidence:
    """An environment that lists so many models, and says that it has so many in all."""
    production = sample_evidence()
    models, chat = production.checks
    facts = models.facts.model_copy(
        update={
            "model_count": total,
            "model_ids": tuple(Redacted(f"model-{number:05}") for number in range(listed)),
            "model_ids_sha256": f"{total:064x}",
        }
    )
    checks = (models.model_copy(update={"facts": facts}), chat)
    return production.model_copy(update={"environment": name, "checks": checks})


def shown(comparison: Comparison, *evidences: Evidence) -> str:
    return render(comparison, evidences, width=120, color=False, only_differences=False)


def test_the_sample_run(snapshot: SnapshotAssertion) -> None:
    """What `envcheck run --sample` prints in a terminal of 80 columns."""
    evidences = sample_evidences()
    assert render(compared(*evidences), evidences, width=80, color=False, only_differences=False) == snapshot


def test_more_models_than_a_comparison_names_are_counted_whole() -> None:
    """In the cell, in the findings and on the page."""
    evidences = listing("production", 1000, 1000), listing("staging", 1, 1)
    comparison = compared(*evidences)
    table = shown(comparison, *evidences)
    (found,) = (line for line in table.split("\n") if line.startswith("err"))
    last_named = int(table.split("models.removed: ")[1].split(", …")[0].rsplit("model-", 1)[1])
    assert found
    assert f"… and {999 - last_named} more" in table.split("models.removed: ")[1]
    assert "… and 979 more" in RENDERERS["markdown"].comparison(comparison, evidences)


def test_models_past_the_end_of_a_cut_list_are_counted() -> None:
    """Nothing names them, and they are missing all the same."""
    evidences = listing("production", MAX_IDS, MAX_IDS + 30), listing("staging", MAX_IDS, MAX_IDS + 10)
    comparison = compared(*evidences)
    assert "models.removed: 20 that cannot be named\n" in shown(comparison, *evidences)
    assert "20 that cannot be named" in RENDERERS["markdown"].comparison(comparison, evidences)
