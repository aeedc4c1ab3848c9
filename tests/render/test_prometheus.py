"""The metrics, read back by Prometheus's own client. `tests/ci_formats` shows them to promtool."""

from __future__ import annotations

import math
import re
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from checklists import HOSTILE
from evidences import chat, evidence, failed, models, skipped
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from render_samples import alone, compared

from envcheck.comparison import Result
from envcheck.demo.sample import sample_evidences
from envcheck.evidence import Latency
from envcheck.redact import Redacted
from envcheck.render import FORMATS
from envcheck.render.escape import for_terminal
from envcheck.transport import TransportFacts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from syrupy.assertion import SnapshotAssertion

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

ALERTS = Path(__file__).parents[2] / "docs" / "prometheus-alerts.yml"
CONTRACT = {
    "envcheck_probe_success": {"environment", "probe"},
    "envcheck_probe_duration_seconds": {"environment", "probe", "phase"},
    "envcheck_findings": {"environment", "severity"},
    "envcheck_changes": {"environment"},
    "envcheck_verdict": {"verdict"},
    "envcheck_last_run_timestamp_seconds": set[str](),
    "envcheck_ssl_earliest_cert_expiry": {"environment"},
    "envcheck_model_retires_timestamp_seconds": {"environment", "model"},
}
LABELS = ("environment", "model", "probe", "phase", "severity", "verdict")

Samples = dict[str, dict[tuple[str, ...], float]]


def retiring(evidence: Evidence, model: str, day: date) -> Evidence:
    """Give the record with a model that retires."""
    checks = tuple(
        check.model_copy(update={"facts": check.facts.model_copy(update={"model": model, "retires_on": day})})
        if check.probe == "models"
        else check
        for check in evidence.checks
    )
    return evidence.model_copy(update={"checks": checks})


def everything() -> tuple[Comparison, tuple[Evidence, ...]]:
    """Records in which there is something for every metric."""
    production, *others = sample_evidences()
    facts = TransportFacts(certificate_expires=date(2026, 12, 24))
    known = retiring(production, "gpt-4o-mini", date(2027, 1, 31)).model_copy(update={"transport": facts})
    return compared(known, *others, seen_before=(known,)), (known, *others)


def written(comparison: Comparison, evidences: Sequence[Evidence]) -> str:
    ((name, text),) = FORMATS["prometheus"].files(Result(evidences, comparison))
    assert name == "envcheck.prom"
    return text


def samples_of(text: str) -> Samples:
    """Read metrics as Prometheus does; none of them has a timestamp."""
    samples: Samples = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        for sample in family.samples:
            assert sample.timestamp is None
            assert set(sample.labels) == CONTRACT[family.name]
            of_one = samples.setdefault(family.name, {})
            labels = tuple(sample.labels[name] for name in LABELS if name in sample.labels)
            assert labels not in of_one
            of_one[labels] = sample.value
    return samples


def test_what_a_textfile_collector_gets(snapshot: SnapshotAssertion) -> None:
    """Whole, with help and type once for each metric, in an order that does not change."""
    comparison, evidences = everything()
    text = written(comparison, evidences)
    assert text == written(comparison, evidences) == snapshot
    for kind in ("HELP", "TYPE"):
        assert re.findall(rf"^# {kind} (\w+)", text, re.MULTILINE) == list(CONTRACT)


def test_every_metric_of_the_contract_is_there_with_its_labels() -> None:
    """Whoever wrote an alert goes by them."""
    assert samples_of(written(*everything())).keys() == CONTRACT.keys()


def test_a_probe_that_neither_passed_nor_failed_has_no_success() -> None:
    """What was skipped for another's failure would raise the same alarm twice."""
    record = evidence("production", failed("models", "auth", status=401), skipped("chat"))
    samples = samples_of(written(alone(), [record]))
    assert samples["envcheck_probe_success"] == {("production", "models"): 0}
    assert "envcheck_probe_duration_seconds" not in samples


def test_durations_are_seconds_by_phase() -> None:
    """Only phases that were measured."""
    latency = Latency(samples=1, dns_ms=1.25, ttfb_ms=200, total_ms=244.1)
    samples = samples_of(written(alone(), [evidence("production", chat(latency=latency))]))
    assert samples["envcheck_probe_duration_seconds"] == {
        ("production", "chat", "dns"): 0.00125,
        ("production", "chat", "ttfb"): 0.2,
        ("production", "chat", "total"): 0.2441,
    }


def test_findings_and_verdict_are_the_comparisons() -> None:
    """A number for each environment and severity, zeros too, and one verdict that holds."""
    records = [evidence("production", models("a", "b")), evidence("staging", models("a"), failed("chat", "timeout"))]
    comparison = compared(*records)
    samples = samples_of(written(comparison, records))
    by_environment = comparison.summary.by_environment
    assert samples["envcheck_findings"] == {
        (name, severity): getattr(by_environment[name], severity)
        for name in ("production", "staging")
        for severity in ("err", "warn", "info")
    }
    assert by_environment["staging"].err > 0
    assert samples["envcheck_verdict"] == {
        (verdict,): float(verdict == comparison.summary.verdict)
        for verdict in ("same", "differs", "failed", "inconclusive")
    }


def test_the_time_of_a_run_is_that_of_its_newest_evidence() -> None:
    """Comparing saved evidence again makes none of it newer; where there is none, the comparison's own time stands."""
    first, second = (
        evidence(name, chat()).model_copy(update={"generated_at": datetime(2026, 3, day, tzinfo=UTC)})
        for name, day in (("production", 2), ("staging", 1))
    )
    name = "envcheck_last_run_timestamp_seconds"
    assert samples_of(written(alone(), [first, second]))[name] == {(): first.generated_at.timestamp()}
    assert samples_of(written(alone(), []))[name] == {(): alone().generated_at.timestamp()}


@pytest.fixture
def _in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose day begins elsewhere than in UTC."""
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_in_tokyo")
def test_days_are_their_first_second_in_utc() -> None:
    """From then on a certificate or a model may be gone, wherever the machine stands."""
    samples = samples_of(written(*everything()))
    assert samples["envcheck_ssl_earliest_cert_expiry"] == {
        ("production",): datetime(2026, 12, 24, tzinfo=UTC).timestamp()
    }
    assert samples["envcheck_model_retires_timestamp_seconds"] == {
        ("production", "gpt-4o-mini"): datetime(2027, 1, 31, tzinfo=UTC).timestamp()
    }


@settings(max_examples=50)
@given(name=st.text(min_size=1, max_size=30) | st.sampled_from((*HOSTILE, '"} 1\nforged 1', "\\", '\\"', "a\nb")))
def test_a_models_name_is_a_label_whatever_is_in_it(name: str) -> None:
    """It ends no label and begins no line: the client escapes it, and a parser gets it back."""
    comparison, evidences = everything()
    text = written(comparison, (retiring(evidences[0], Redacted(name), date(2027, 1, 31)),))
    (labels,) = samples_of(text)["envcheck_model_retires_timestamp_seconds"]
    assert labels == ("production", for_terminal(name))
    assert all(line.startswith(("envcheck_", "# HELP envcheck_", "# TYPE envcheck_")) for line in text.split("\n")[:-1])
    assert all(math.isfinite(value) for family in samples_of(text).values() for value in family.values())


def test_the_machines_variables_do_not_matter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The client's own gauges would write files where a variable of a web server's says so."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    assert written(*everything())
    assert list(tmp_path.iterdir()) == []


def test_every_metric_has_an_alert() -> None:
    """Of the rules that are in the documentation."""
    expressions = re.findall(r"^ +expr: (.*(?:\n {10,}.*)*)", ALERTS.read_text(), re.MULTILINE)
    used = {name for expression in expressions for name in re.findall(r"\benvcheck_\w+", expression)}
    assert used == CONTRACT.keys()
