"""The Markdown page of one environment."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from envcheck.render.advice import advice_for
from envcheck.render.escape import for_markdown, for_markdown_cell
from envcheck.render.markdown.markup import NOTHING, bullets, code_list, folded, milliseconds, page, quoted, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.evidence import Check, Evidence, Target

_OUTCOMES = {"pass": "✅ pass", "fail": "❌ fail", "skipped": "⏭️ skipped"}
_SERVER_TEXT = {
    "shown": "shown after redaction",
    "withheld": "withheld whole, for it could not be told from a secret",
    "withheld_by_tripwire": "withheld where, after redaction, a secret was still found in it",
}
_MOST_INLINE = 10


def page_of(evidence: Evidence) -> str:
    """Give the page from the status down to what was left out."""
    return page(_blocks(evidence))


def _blocks(evidence: Evidence) -> Iterator[str]:
    yield f"# envcheck: {for_markdown(evidence.environment)}"
    yield _status(evidence)
    if not evidence.target.verify_tls:
        yield "⚠️ **TLS certificates were not verified** (`verify_tls = false`): anyone on the way could have answered."
    yield bullets(_target(evidence))
    yield "## Checks"
    yield table(("probe", "request", "outcome", "status", "class", "latency"), map(_check_row, evidence.checks))
    for check in evidence.checks:
        yield from _failure(check)
    for check in evidence.checks:
        yield from _facts(check)
    yield from _latency(evidence)
    yield "## Left out for safety"
    yield bullets(evidence.safety.left_out)
    yield _safety(evidence)


def _status(evidence: Evidence) -> str:
    if evidence.summary.ok:
        return "✅ **Passed**: every probe got what its route promises."
    failed = (check for check in evidence.checks if check.failure_class is not None)
    said = ", ".join(f"{check.probe} as `{check.failure_class}`" for check in failed)
    return f"❌ **Failed**: {said or evidence.summary.failure_class or 'no probe ran'}."


def _target(evidence: Evidence) -> Iterator[str]:
    target = evidence.target
    yield f"Base URL: {for_markdown(target.base_url)}"
    yield f"Key: from `{target.api_key_env}`" if target.api_key_env else "Key: none"
    if target.selected_model is not None:
        how = "configured" if target.requested_model is not None else "the first one listed"
        yield f"Model: {for_markdown(target.selected_model)} ({how})"
    yield f"Probes: {', '.join(target.probes)}"
    yield (f"Requests: {_requests(target)}, samples: {target.samples}, deadline: {target.timeout_s:g} s each")
    when = evidence.generated_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    yield f"Taken: {when} by envcheck {evidence.tool.version}"


def _requests(target: Target) -> str:
    planned = f"{target.planned_requests} planned"
    return planned if target.sent_requests is None else f"{planned}, {target.sent_requests} sent"


def _check_row(check: Check) -> tuple[str, ...]:
    return (
        check.probe,
        for_markdown(check.request),
        _OUTCOMES[check.outcome],
        NOTHING if check.http_status is None else str(check.http_status),
        NOTHING if check.failure_class is None else f"`{check.failure_class}`",
        milliseconds(check.latency.total_ms),
    )


def _failure(check: Check) -> Iterator[str]:
    if check.failure_class is None:
        return
    advice = advice_for(check.failure_class)
    yield f"### {check.probe} failed: `{check.failure_class}`"
    yield advice.meaning
    if check.failure_detail:
        yield f"What happened: {for_markdown_cell(check.failure_detail)}"
    yield f"**Check first:** {advice.first_check}"
    if check.error_preview:
        yield "The gateway said:"
        yield quoted(check.error_preview)


def _facts(check: Check) -> Iterator[str]:
    facts = _without_extracts(check.facts.model_dump(mode="python"))
    if facts:
        yield f"## What `{check.probe}` found"
    short = {name: value for name, value in facts.items() if not isinstance(value, tuple) or len(value) <= _MOST_INLINE}
    yield table(("fact", "value"), ((f"`{name}`", _value(value)) for name, value in short.items()))
    for name, value in facts.items():
        if name not in short and isinstance(value, tuple):
            yield folded(f"{name}: {len(value)}", value)
    if check.varying:
        yield "Varied between samples:"
        yield bullets(f"`{name}`: {code_list(values, _MOST_INLINE)}" for name, values in check.varying.items())
    if check.failed_samples:
        yield "Failed after it had passed once:"
        yield bullets(f"`{name}`: {count} samples" for name, count in check.failed_samples.items())


def _without_extracts(facts: dict[str, object]) -> dict[str, object]:
    """Leave out `sample_NAME` where NAME follows in full."""
    extracts = {f"sample_{name}" for name in facts}
    return {name: value for name, value in facts.items() if name not in extracts}


def _value(value: object) -> str:
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case tuple():
            return code_list(value, _MOST_INLINE) or "none"
        case _:
            return for_markdown_cell(str(value))


def _latency(evidence: Evidence) -> Iterator[str]:
    rows = [_latency_row(check) for check in evidence.checks if check.latency.total_ms is not None]
    if rows:
        yield "## Latency"
        yield "Medians. `connect` includes TLS, `first byte` counts from there to the reply's headers."
        headers = ("probe", "samples", "connection", "DNS", "connect", "first byte", "body", "total", "IQR", "left out")
        yield table(headers, rows)


def _latency_row(check: Check) -> tuple[str, ...]:
    latency = check.latency
    phases = (latency.dns_ms, latency.connect_ms, latency.ttfb_ms, latency.body_ms, latency.total_ms, latency.spread_ms)
    left_out = [f"first: {milliseconds(latency.first_ms)}"] if latency.first_ms is not None else []
    left_out += [f"{latency.retried} sent twice"] if latency.retried else []
    left_out += [f"{latency.voided} void"] if latency.voided else []
    return (
        check.probe,
        str(latency.samples),
        latency.connection or NOTHING,
        *map(milliseconds, phases),
        ", ".join(left_out) or NOTHING,
    )


def _safety(evidence: Evidence) -> str:
    prompt = "envcheck's own" if evidence.safety.prompt_source == "default" else "the configured one"
    server = _SERVER_TEXT[evidence.safety.server_text]
    return f"The prompt that was sent is {prompt}. Text that the gateway wrote is {server}."
