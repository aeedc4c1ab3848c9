"""Prometheus's own checker on the metrics and on the alert rules that the documentation offers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from checklists import HOSTILE
from evidences import TODAY, WHEN, chat, evidence, failed, models, timed
from render_samples import compared

from envcheck.comparison import Result
from envcheck.redact import Redacted
from envcheck.render import FORMATS
from envcheck.transport import TransportFacts

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

pytestmark = pytest.mark.ci_formats

ALERTS = Path(__file__).parents[2] / "docs" / "prometheus-alerts.yml"


def metrics(*, is_well: bool, model: str = "gpt-4o-mini") -> str:
    """Give the metrics of a run in which all is well, or nothing is."""
    soon = TODAY + timedelta(days=400 if is_well else 5)
    listed = models("gpt-4o-mini")
    facts = listed.facts.model_copy(update={"model": Redacted(model), "retires_on": soon})
    checks = [listed.model_copy(update={"facts": facts}), chat(latency=timed(240 if is_well else 12_000))]
    checks += [] if is_well else [failed("stream", "timeout")]
    transport = TransportFacts(certificate_expires=soon)
    production = evidence("production", *checks).model_copy(update={"transport": transport})
    staging = evidence("staging", *checks[:2])
    records = [production, staging]
    ((_, text),) = FORMATS["prometheus"].files(Result(records, compared(*records)))
    return text


@pytest.mark.parametrize("model", ["gpt-4o-mini", *HOSTILE, '"} 1', "\\"])
def test_promtool_has_nothing_to_say_of_the_metrics(
    check: Callable[..., subprocess.CompletedProcess[str]], model: str
) -> None:
    """Neither of their form nor of their names and units."""
    done = check("check", "metrics", fed=metrics(is_well=True, model=model))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_promtool_takes_the_alert_rules(check: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """All of them."""
    done = check("check", "rules", ALERTS)
    assert done.returncode == 0, done.stderr
    assert "SUCCESS: 8 rules found" in done.stdout


@pytest.mark.parametrize(
    ("is_well", "firing"),
    [
        (True, ()),
        (
            False,
            (
                "EnvcheckProbeFailed",
                "EnvcheckSlow",
                "EnvcheckFindings",
                "EnvcheckInconclusive",
                "EnvcheckCertificateExpires",
                "EnvcheckModelRetires",
            ),
        ),
    ],
)
def test_each_alert_fires_on_what_it_is_about_and_on_nothing_else(
    check: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    is_well: bool,  # noqa: FBT001 - a parameter of the test
    firing: tuple[str, ...],
) -> None:
    """As Prometheus itself would have it an hour after the run; and that nothing ran, two days later."""
    asked = tmp_path / "test.yml"
    asked.write_text(_asked(metrics(is_well=is_well), firing))
    done = check("test", "rules", asked)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def _asked(text: str, firing: tuple[str, ...]) -> str:
    """Write a test for promtool, whose clock begins at 0: times are moved to it."""
    zero = WHEN.timestamp()
    lines = []
    for sample in (line for line in text.splitlines() if not line.startswith("#")):
        series, value = sample.rsplit(" ", 1)
        is_time = series.startswith(("envcheck_last_run", "envcheck_ssl", "envcheck_model_retires"))
        number = float(value) - zero if is_time else float(value)
        lines.append(f"      - series: '{series}'\n        values: '{number:f}x60'")
    names = ("ProbeFailed", "Slow", "Findings", "Inconclusive", "NotRun", "CertificateExpires", "ModelRetires")
    asserted = "\n".join(
        f"      - expr: 'count(ALERTS{{alertname=\"Envcheck{name}\"}}) > bool 0 or vector(0)'\n"
        f"        eval_time: {'1h' if name != 'NotRun' else '48h'}\n"
        f"        exp_samples: [{{value: {int(f'Envcheck{name}' in firing or name == 'NotRun')}}}]"
        for name in names
    )
    series = "\n".join(lines)
    return (
        f"rule_files: ['{ALERTS}']\nevaluation_interval: 1h\ntests:\n  - interval: 1h\n    input_series:\n{series}\n"
        f"    promql_expr_test:\n{asserted}\n"
    )
