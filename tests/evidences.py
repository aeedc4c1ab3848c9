"""Evidence made by hand and by Hypothesis, for tests of what compares it and of what renders it."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final, Literal, TypedDict, Unpack

from hypothesis import strategies as st

from envcheck.compare import Memory, compare
from envcheck.comparison import Twin
from envcheck.evidence import Check, Evidence, Latency, Safety, Summary, Target
from envcheck.model import Connection, Outcome
from envcheck.policy import Accept, Expect, FailOn, Operator, Policy
from envcheck.probes import rules
from envcheck.probes.chat import ChatFacts, ContentKind
from envcheck.probes.chunks import ReasoningField, StreamUsage
from envcheck.probes.models import MAX_IDS, ModelsFacts
from envcheck.probes.pace import Pace
from envcheck.probes.stream_facts import StreamedKind, StreamFacts, Terminator
from envcheck.record import Facts, FailureName
from envcheck.redact import Redacted
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.comparison import Comparison

WHEN: Final = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
TODAY: Final = date(2026, 3, 4)
USAGE: Final = ("completion_tokens", "prompt_tokens")
SHAPE: Final = ("choices", "choices[].message", "id", "model", "usage", "usage.prompt_tokens")


class About(TypedDict, total=False):
    """What a check says beside its facts."""

    varying: Mapping[str, Sequence[str]]
    latency: Latency
    failed_samples: Mapping[str, int]
    tried: int
    passed_when_asked_again: bool


class Around(TypedDict, total=False):
    """What a record says beside its checks."""

    samples: int
    selected_model: str
    asked: str
    made_up: bool
    prompt_source: Literal["default", "custom"]
    base_url: str


def safe(*texts: str) -> tuple[Redacted, ...]:
    return tuple(Redacted(text) for text in texts)


def timed(
    *totals_ms: float, connection: Connection = Connection.REUSED, again_ms: Sequence[float] = (), voided: int = 0
) -> Latency:
    if not totals_ms:
        return Latency(taken=voided, voided=voided)
    lower, _, upper = quantiles(totals_ms, n=4, method="inclusive") if len(totals_ms) > 1 else (0, 0, 0)
    return Latency(
        samples=len(totals_ms),
        connection=connection,
        total_ms=median(totals_ms),
        spread_ms=upper - lower if len(totals_ms) > 1 else None,
        totals_ms=totals_ms,
        again_ms=tuple(again_ms),
        taken=len(totals_ms) + voided,
        voided=voided,
    )


def passed(probe: str, facts: Facts, **about: Unpack[About]) -> Check:
    return Check(
        probe=probe,
        request=Redacted(f"GET /{probe}"),
        outcome=Outcome.PASS,
        http_status=200,
        facts=facts,
        varying={name: safe(*values) for name, values in about.get("varying", {}).items()},
        latency=about.get("latency", Latency()),
        failed_samples={FailureName(name): number for name, number in about.get("failed_samples", {}).items()},
        tried=about.get("tried", 0),
        passed_when_asked_again=about.get("passed_when_asked_again", False),
    )


def models(*ids: str, total: int | None = None, **about: Unpack[About]) -> Check:
    """A `models` check that lists these ids, cut as the probe cuts them."""
    kept = sorted(set(ids))
    facts = ModelsFacts(
        model_count=len(kept) if total is None else total,
        model_ids=safe(*kept[:MAX_IDS]),
        model_ids_sha256=hashlib.sha256("\n".join(kept).encode()).hexdigest(),
        sample_model_ids=safe(*kept[:10]),
    )
    return passed("models", facts, **about)


def chat(
    *,
    model: str = "gpt-4o",
    answered: str | None = "gpt-4o",
    finish: str = "stop",
    content: ContentKind = ContentKind.TEXT,
    choices: int = 1,
    usage: Sequence[str] | None = USAGE,
    shape: Sequence[str] = SHAPE,
    **about: Unpack[About],
) -> Check:
    facts = ChatFacts(
        model=Redacted(model),
        model_answered=None if answered is None else Redacted(answered),
        choice_count=choices,
        finish_reason=Redacted(finish),
        usage_present=usage is not None,
        usage_fields=safe(*sorted(usage or ())),
        content_kind=content,
        response_fields=safe(*sorted(shape)),
    )
    return passed("chat", facts, **about)


def stream(*, arrival: Pace = Pace.INCREMENTAL, **about: Unpack[About]) -> Check:
    facts = StreamFacts(
        model=Redacted("gpt-4o"),
        arrival=arrival,
        terminator=Terminator.DONE,
        finish_reason=Redacted("stop"),
        model_answered=Redacted("gpt-4o"),
        content_kind=StreamedKind.TEXT,
        stream_usage=StreamUsage.NONE,
        reasoning_field=ReasoningField.NONE,
        event_fields=(),
    )
    return passed("stream", facts, **about)


def failed(probe: str, failure: str, *, status: int | None = None, detail: str | None = None) -> Check:
    return Check(
        probe=probe,
        request=Redacted(f"GET /{probe}"),
        outcome=Outcome.FAIL,
        http_status=status,
        failure_class=FailureName(failure),
        failure_detail=None if detail is None else Redacted(detail),
    )


def skipped(probe: str) -> Check:
    return Check(
        probe=probe,
        request=Redacted(f"GET /{probe}"),
        outcome=Outcome.SKIPPED,
        failure_detail=Redacted("models failed"),
    )


def evidence(name: str, *checks: Check, **around: Unpack[Around]) -> Evidence:
    samples = around.get("samples", 1)
    model = around.get("selected_model")
    first_failed = next((check for check in checks if check.outcome is Outcome.FAIL), None)
    return Evidence(
        generated_at=WHEN,
        environment=name,
        made_up=around.get("made_up", False),
        asked=around.get("asked"),
        target=Target(
            base_url=Redacted(around.get("base_url", f"https://{name}.example.com/v1")),
            api_key_env=None,
            requested_model=None,
            selected_model=None if model is None else Redacted(model),
            probes=tuple(check.probe for check in checks),
            timeout_s=20,
            samples=samples,
            planned_requests=len(checks) * samples,
            verify_tls=True,
        ),
        safety=Safety(
            left_out=safe("the prompt"), prompt_source=around.get("prompt_source", "default"), server_text="shown"
        ),
        checks=checks,
        summary=Summary(
            ok=first_failed is None,
            failure_class=None if first_failed is None else first_failed.failure_class,
        ),
    )


_NAMES: Final = ("production", "staging", "canary", "new-region")
_IDS: Final = ("gpt-4o", "gpt-5", "o3", "o3-pro", "meta-llama/Llama-3.3-70B", "[redacted]", "a|b", "…")
_FAILURES: Final = (
    ("auth", 401),
    ("timeout", None),
    ("network", None),
    ("http_418", 418),
    ("upstream_or_gateway", 502),
)


def _few(values: Sequence[str], *, at_least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, min_size=at_least, max_size=4)


@st.composite
def _latencies(draw: st.DrawFn) -> Latency:
    around = draw(st.sampled_from((20.0, 300.0, 900.0)))
    spread = draw(st.lists(st.floats(0, 30, allow_nan=False), max_size=8) | st.just([1.0, 5.0, 9.0, 4.0, 7.0, 2.0]))
    again = draw(st.sampled_from((None, around, 20.0, 900.0)))
    return timed(
        *(around + each for each in spread),
        connection=draw(st.sampled_from((Connection.NEW, Connection.REUSED, Connection.MIXED))),
        again_ms=() if again is None else [again + each for each in spread],
        voided=draw(st.sampled_from((0, 0, 0, 3, 9))),
    )


@st.composite
def _failures(draw: st.DrawFn, probe: str) -> Check:
    failure, status = draw(st.sampled_from(_FAILURES))
    return failed(probe, failure, status=status, detail=draw(st.sampled_from((None, "connection refused"))))


@st.composite
def _models(draw: st.DrawFn) -> Check:
    ids = draw(_few(_IDS, at_least=1))
    flapping = draw(_few(_IDS))
    varying = {"model_ids": flapping} if flapping else {}
    return models(*ids, varying=varying, latency=draw(_latencies()))


@st.composite
def _chats(draw: st.DrawFn) -> Check:
    finishes = draw(st.lists(st.sampled_from(("stop", "length", "tool_calls")), unique=True, min_size=1, max_size=2))
    usage = draw(st.one_of(st.none(), _few(USAGE)))
    return chat(
        model=draw(st.sampled_from(("gpt-4o", "gpt-4o", "gpt-4o", "o3"))),
        answered=draw(st.sampled_from(("gpt-4o", "gpt-4o", "gpt-4o-2024", None))),
        finish=finishes[0],
        content=draw(st.sampled_from((ContentKind.TEXT, ContentKind.TEXT, ContentKind.NULL))),
        choices=draw(st.integers(1, 2)),
        usage=usage,
        shape=draw(_few((*SHAPE, "other", "timings"))),
        varying={"finish_reason": finishes} if len(finishes) > 1 else {},
        latency=draw(_latencies()),
        failed_samples=draw(st.sampled_from(({}, {"timeout": 1}, {"timeout": 1, "network": 2}))),
        passed_when_asked_again=draw(st.sampled_from((False, False, False, True))),
    )


@st.composite
def evidence_of(draw: st.DrawFn, name: str) -> Evidence:
    """One environment of any kind: passing, failing, varying, with or without a probe."""
    fails_at = draw(st.sampled_from((None, None, None, None, None, "models", "chat")))
    checks = [
        draw(_failures("models") if fails_at == "models" else _models()),
        draw(_failures("chat") if fails_at == "chat" else _chats()),
    ]
    if fails_at == "models" and draw(st.booleans()):
        checks[1] = skipped("chat")
    return evidence(name, *checks[: draw(st.sampled_from((2, 2, 2, 1)))], samples=8)


@st.composite
def evidences(draw: st.DrawFn, *, at_least: int = 1) -> list[Evidence]:
    """One to four environments, the first of them the baseline."""
    return [draw(evidence_of(name)) for name in _NAMES[: draw(st.integers(at_least, len(_NAMES)))]]


_EXPECTED: Final = (
    Expect("models.model_ids", Operator.CONTAINS, ("gpt-4o", "o3"), title="The rollout's models"),
    Expect("models.model_ids", Operator.EXCLUDES, ("o3",), environments=("staging",)),
    Expect("chat.latency", Operator.AT_MOST_MS, (310.0,), severity=Severity.WARN),
    Expect("chat.finish_reason", Operator.ONE_OF, ("stop", "tool_calls")),
    Expect("chat.model_answered", Operator.MATCHES, ("gpt-4o.*",)),
    Expect("chat.usage_present", Operator.EQUALS, (True,)),
    Expect("chat.outcome", Operator.EQUALS, ("pass",)),
    Expect("tools.outcome", Operator.EQUALS, ("pass",)),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any thresholds, overrides and accepted differences."""
    accept = st.builds(
        Accept,
        rule=st.sampled_from(sorted(rules())),
        environment=st.sampled_from(("staging", "staging", "canary")),
        reason=st.just("known since last week"),
        value=st.sampled_from((None, None, "o3", "length")),
        values=st.sampled_from(((), (), ("o3*", "l?ngth"))),
        at_most_ratio=st.sampled_from((None, None, 2.0)),
        expires=st.sampled_from((None, date(2026, 3, 3), TODAY)),
    )
    return Policy(
        latency_floor_ms=draw(st.sampled_from((0.0, 50.0))),
        severity=draw(st.dictionaries(st.sampled_from(sorted(rules())), st.sampled_from(Severity), max_size=3)),
        accept=tuple(draw(st.lists(accept, max_size=4))),
        expect=tuple(draw(st.lists(st.sampled_from(_EXPECTED), unique=True, max_size=4))),
        fail_on=draw(st.sampled_from(FailOn)),
        only_new_count=draw(st.booleans()),
        fail_on_undecided=draw(st.booleans()),
        confirm_over_s=draw(st.sampled_from((0.0, 15.0, 15.0))),
    )


def twins_among(records: Sequence[Evidence]) -> st.SearchStrategy[list[Twin]]:
    """Candidates that share their baseline's base URL or key."""
    names = [record.environment for record in records[1:]]
    if not names:
        return st.just([])
    return st.lists(
        st.builds(
            Twin,
            rule=st.sampled_from(("target.same_endpoint", "target.same_key")),
            environment=st.sampled_from(names),
        ),
        max_size=2,
    )


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[Comparison, list[Evidence]]:
    """Any comparison with the evidence that it was made of, tagged against an earlier one or not."""
    records = draw(evidences())
    policy = draw(policies())
    twins = draw(twins_among(records))
    earlier = draw(st.none() | evidences())
    before = None if earlier is None else _compared(earlier, policy)
    seen = draw(st.sampled_from(((), earlier or ())))
    return _compared(records, policy, twins=twins, earlier=before, seen=seen), records


def _compared(
    records: Sequence[Evidence],
    policy: Policy,
    *,
    twins: Sequence[Twin] = (),
    earlier: Comparison | None = None,
    seen: Sequence[Evidence] = (),
) -> Comparison:
    return compare(
        records,
        baseline="production",
        policy=policy,
        memory=Memory(twins),
        earlier=earlier,
        generated_at=WHEN,
        today=TODAY,
        itself_earlier={record.environment: record for record in seen},
    )
