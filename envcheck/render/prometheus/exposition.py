"""Metrics in Prometheus's text format, named and in units as Prometheus asks, and as blackbox_exporter names its own.

No sample has a timestamp: the textfile collector takes no file that has one
(https://github.com/prometheus/node_exporter#textfile-collector). When a run was is a metric of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from envcheck.comparison import Verdict
from envcheck.model import Outcome
from envcheck.probes.models import MODELS, ModelsFacts
from envcheck.render.escape import for_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence, Latency

_SUCCESS: Final = {Outcome.PASS: 1, Outcome.FAIL: 0}
"""What was skipped or is unsupported neither succeeded nor failed, and has no sample."""
_MS: Final = 1000


def exposition_of(comparison: Comparison, evidences: Sequence[Evidence]) -> str:
    """Give all metrics of a run, in an order that depends on nothing but what is in it."""
    registry = CollectorRegistry()
    registry.register(_Run(comparison, evidences))
    return generate_latest(registry).decode()


class _Run(Collector):
    """Collects from records, not from counters of this process: `Gauge` would look at the process's variables."""

    def __init__(self, comparison: Comparison, evidences: Sequence[Evidence]) -> None:
        self._comparison = comparison
        self._evidences = evidences

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each metric once; one that has no sample is left out."""
        metrics = (
            self._success(),
            self._durations(),
            self._findings(),
            self._changes(),
            self._verdict(),
            self._last_run(),
            self._certificates(),
            self._retirements(),
        )
        yield from (metric for metric in metrics if metric.samples)

    def _success(self) -> GaugeMetricFamily:
        metric = _gauge("probe_success", "Whether a probe passed (1) or failed (0).", "environment", "probe")
        for evidence in self._evidences:
            for check in evidence.checks:
                if check.outcome in _SUCCESS:
                    metric.add_metric([evidence.environment, check.probe], _SUCCESS[check.outcome])
        return metric

    def _durations(self) -> GaugeMetricFamily:
        help_ = "How long a probe's request took in the median, in seconds, by phase; total is the whole of it."
        metric = _gauge("probe_duration_seconds", help_, "environment", "probe", "phase")
        for evidence in self._evidences:
            for check in evidence.checks:
                for phase, ms in _phases(check.latency):
                    metric.add_metric([evidence.environment, check.probe, phase], round(ms / _MS, 6))
        return metric

    def _findings(self) -> GaugeMetricFamily:
        help_ = "Findings that are neither accepted, nor gone, nor undecided, by severity."
        metric = _gauge("findings", help_, "environment", "severity")
        for environment, summary in self._comparison.summary.by_environment.items():
            for severity, number in (("err", summary.err), ("warn", summary.warn), ("info", summary.info)):
                metric.add_metric([environment, severity], number)
        return metric

    def _changes(self) -> GaugeMetricFamily:
        help_ = "What changed in an environment since it was last seen, aside from what is accepted."
        metric = _gauge("changes", help_, "environment")
        for environment, summary in self._comparison.summary.by_environment.items():
            if summary.changed is not None:
                metric.add_metric([environment], summary.changed)
        return metric

    def _verdict(self) -> GaugeMetricFamily:
        metric = _gauge("verdict", "What the comparison came to: 1 for its verdict, 0 for each other one.", "verdict")
        for verdict in Verdict:
            metric.add_metric([verdict.value], verdict is self._comparison.summary.verdict)
        return metric

    def _last_run(self) -> GaugeMetricFamily:
        """Say when gateways were asked: what is compared again later is no newer for that."""
        metric = _gauge("last_run_timestamp_seconds", "When the newest of the evidence was gathered, in Unix time.")
        asked = (evidence.generated_at for evidence in self._evidences)
        metric.add_metric([], max(asked, default=self._comparison.generated_at).timestamp())
        return metric

    def _certificates(self) -> GaugeMetricFamily:
        help_ = "The day on which an environment's certificate expires, as its first second in Unix time."
        metric = _gauge("ssl_earliest_cert_expiry", help_, "environment")
        for evidence in self._evidences:
            expires = None if evidence.transport is None else evidence.transport.certificate_expires
            if expires is not None:
                metric.add_metric([evidence.environment], _first_second(expires))
        return metric

    def _retirements(self) -> GaugeMetricFamily:
        help_ = "The day on which the gateway says that the model retires, as its first second in Unix time."
        metric = _gauge("model_retires_timestamp_seconds", help_, "environment", "model")
        for evidence in self._evidences:
            check = evidence.check(MODELS.name)
            facts = None if check is None else check.facts
            if isinstance(facts, ModelsFacts) and facts.retires_on is not None and facts.model is not None:
                metric.add_metric([evidence.environment, for_terminal(facts.model)], _first_second(facts.retires_on))
        return metric


def _gauge(name: str, help_: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"envcheck_{name}", help_, labels=labels)


def _phases(latency: Latency) -> Iterator[tuple[str, float]]:
    """Yield the phases that were measured, in milliseconds."""
    for phase in ("dns", "connect", "ttfb", "body", "total"):
        ms = getattr(latency, f"{phase}_ms")
        if ms is not None:
            yield phase, ms


def _first_second(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()
