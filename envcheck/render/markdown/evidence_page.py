"""The Markdown page of one environment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING

from envcheck.render.advice import advice_for
from envcheck.render.escape import for_markdown, for_markdown_cell
from envcheck.render.markdown.markup import NOTHING, bullets, code_list, folded, milliseconds, page, quoted, table
from envcheck.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.evidence import Check, Evidence, Target

_OUTCOMES = {"pass": "✅ pass", "fail": "❌ fail", "skipped": "⏭️ skipped", "unsupported": "🚫 unsupported"}
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
    if evidence.made_up:
        yield "⚠️ **Made-up evidence**: no gateway was asked."
    if not evidence.target.verify_tls:
        yield "⚠️ **TLS certificates were not verified** (`verify_tls = false`): anyone on the way could have answered."
    yield bullets(_target(evidence))
    yield "## Checks"
    yield table(("probe", "request", "outcome", "status", "class", "latency"), map(_check_row, evidence.checks))
    for check in evidence.checks:
        yield from _failure(check)
    for check in evidence.checks:
        yield from _facts(check)
    yield from _transport(evidence)
    yield from _latency(evidence)
    yield "## Left out for safety"
    yield bullets(evidence.safety.left_out)
    yield _safety(evidence)


def _status(evidence: Evidence) -> str:
    failed = (check for check in evidence.checks if check.failure_class is not None)
    said = ", ".join(f"{for_markdown(check.probe)} as {for_markdown(check.failure_class or '')}" for check in failed)
    now_and_then = "; ".join(
        f"{for_markdown(check.probe)}: {_tally(check)}" for check in evidence.checks if check.failed_samples
    )
    if not evidence.summary.ok:
        beside = f". Other requests failed too: {now_and_then}" if now_and_then else ""
        return f"❌ **Failed**: {said or for_markdown(evidence.summary.failure_class or 'no probe ran')}{beside}."
    if now_and_then:
        return f"⚠️ **Passed, and not every time**: {now_and_then}."
    return "✅ **Passed**: every probe got what its route promises."


def _tally(check: Check) -> str:
    classes = ", ".join(map(for_markdown, sorted(check.failed_samples)))
    return f"{sum(check.failed_samples.values())} of {counted(_sent(check), 'request')} failed ({classes})"


def _sent(check: Check) -> int:
    """Give how many requests a probe's failures are to be held against."""
    return max(check.latency.taken, sum(check.failed_samples.values()))


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
    where = "" if evidence.vantage is None else f", from {for_markdown(evidence.vantage)}"
    yield f"Taken: {when} by envcheck {evidence.tool.version}{where}"


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
    said = {name: value for name, value in check.facts.model_dump(mode="python").items() if _is_said(check, name)}
    facts = _without_extracts(said)
    if facts:
        yield f"## What `{check.probe}` found"
    short = {name: value for name, value in facts.items() if not isinstance(value, tuple) or len(value) <= _MOST_INLINE}
    yield table(("fact", "value"), ((f"`{name}`", _value(value)) for name, value in short.items()))
    for name, value in facts.items():
        if name not in short and isinstance(value, tuple):
            yield folded(f"{name}: {len(value)}", list(map(str, value)))
    if check.varying:
        yield "Varied between samples:"
        yield bullets(f"`{name}`: {code_list(values, _MOST_INLINE)}" for name, values in check.varying.items())


def _is_said(check: Check, name: str) -> bool:
    """Tell whether there is anything to a fact: some need not be stated, and are null where they are not."""
    may_be_unsaid = type(check.facts).model_fields[name].default is None
    return not may_be_unsaid or getattr(check.facts, name) is not None


def _transport(evidence: Evidence) -> Iterator[str]:
    transport = evidence.transport
    if transport is None:
        return
    said = {name: value for name, value in transport if name != "headers" and value not in (None, ())}
    headers = {name: values or None for name, values in transport.headers.items()}
    yield "## What it was reached over"
    yield table(("fact", "value"), ((f"`{name}`", _value(value)) for name, value in said.items()))
    yield table(("header", "value"), ((for_markdown(name), _value(values)) for name, values in headers.items()))


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
            return code_list(list(map(str, value)), _MOST_INLINE) or "none"
        case Mapping():
            return for_markdown_cell(", ".join(f"{word} {number}" for word, number in value.items()))
        case _:
            return for_markdown_cell(str(value))


def _latency(evidence: Evidence) -> Iterator[str]:
    rows = [_latency_row(check) for check in evidence.checks if check.latency.total_ms is not None]
    if rows:
        yield "## Latency"
        yield (
            "Medians. `connect` includes TLS, `first byte` counts from there to the reply's headers; half of the"
            " samples are within the `IQR`; `opening` is the first request, which is in no median."
        )
        headers = ("probe", "samples", "connection", "DNS", "connect", "first byte", "body", "total", "IQR", "opening")
        yield table(headers, rows)
    yield bullets(said for check in evidence.checks if (said := _left_out(check)))


def _latency_row(check: Check) -> tuple[str, ...]:
    latency = check.latency
    phases = (latency.dns_ms, latency.connect_ms, latency.ttfb_ms, latency.body_ms, latency.total_ms, latency.spread_ms)
    return (
        check.probe,
        str(latency.samples),
        latency.connection or NOTHING,
        *map(milliseconds, (*phases, latency.first_ms)),
    )


def _left_out(check: Check) -> str:
    """Say what became of the samples that are in no median, and of requests that failed; empty where all are well."""
    latency = check.latency
    failed = f" ({', '.join(map(for_markdown, sorted(check.failed_samples)))})" if check.failed_samples else ""
    fates = (
        (max(latency.failed, sum(check.failed_samples.values())), f"failed{failed}"),
        (latency.voided, "void, for this machine was busy"),
        (latency.retried, "sent twice, for their connection was closed"),
    )
    said = [f"{number:,} {fate}" for number, fate in fates if number]
    again = "; its opening request failed, and passed when it was asked again" if check.passed_when_asked_again else ""
    if not said and not again:
        return ""
    taken = f"{counted(_sent(check), 'request')} sampled, {latency.samples:,} in the medians"
    return f"`{check.probe}`: {', '.join((taken, *said))}{again}"


def _safety(evidence: Evidence) -> str:
    prompt = "envcheck's own" if evidence.safety.prompt_source == "default" else "the configured one"
    server = _SERVER_TEXT[evidence.safety.server_text]
    return f"The prompt that was sent is {prompt}. Text that the gateway wrote is {server}."
