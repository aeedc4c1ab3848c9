"""The JSON reports."""

from __future__ import annotations

import json

from render_samples import cell, four_environments, four_evidences, row

from envcheck.comparison import Comparison
from envcheck.evidence import Evidence
from envcheck.render.json import document_of


def test_evidence_comes_back_as_it_was() -> None:
    """The report is the record, in the order of the contract, with a newline at its end."""
    for evidence in four_evidences():
        report = document_of(evidence)
        assert report.endswith("}\n")
        assert Evidence.model_validate_json(report) == evidence
        assert list(json.loads(report)) == list(Evidence.model_fields)
        assert json.loads(report)["generated_at"].endswith("Z")


def test_a_comparison_comes_back_as_it_was() -> None:
    """So that `--against` and `accept` read what a run wrote."""
    report = document_of(four_environments())
    assert Comparison.model_validate_json(report) == four_environments()
    assert list(json.loads(report)) == list(Comparison.model_fields)


def test_letters_stay_and_what_steers_is_escaped() -> None:
    """UTF-8 stays readable; bidi, invisible and control characters are spelled out, and mean the same to a parser."""
    value = "模型 é \u202e \u2066 \u200b \x7f \x9b \U000e0041 \x1b \n"
    rows = (row("models", "model_ids", production=cell(value)),)
    report = document_of(four_environments().model_copy(update={"rows": rows}))
    assert "模型 é" in report
    assert all(character.isprintable() or character == "\n" for character in report)
    assert json.loads(report)["rows"][0]["cells"]["production"]["value"] == value
