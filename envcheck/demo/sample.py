"""Fixed, made-up evidence for `--sample`: what a run looks like, without a network, a key or a clock."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from envcheck.evidence import Summary
from envcheck.model import Connection, Environment, FailureClass, Outcome, Timing
from envcheck.probes.base import Reply
from envcheck.probes.chat import CHAT, ChatFacts, ContentKind
from envcheck.probes.models import MODELS, SAMPLE_IDS, ModelsFacts
from envcheck.redact import Redactor
from envcheck.seam.assemble import Made, check_of, evidence_of
from envcheck.seam.normalize import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.evidence import Check, Evidence
    from envcheck.probes.base import Probe
    from envcheck.redact import Redacted

GENERATED_AT: Final = datetime(2026, 1, 15, 9, tzinfo=UTC)

_MODEL: Final = "gpt-4o-mini"
_DATED_MODEL: Final = "gpt-4o-mini-2024-07-18"
_EVERYWHERE: Final = (
    "claude-sonnet-4-5",
    "gemini-2.5-flash",
    "gpt-4.1",
    "gpt-4.1-mini",
    "gpt-4o",
    "gpt-4o-mini",
    "meta-llama/Llama-3.3-70B-Instruct",
    "mistral-small-2506",
    "o4-mini",
    "text-embedding-3-large",
    "text-embedding-3-small",
)
_USAGE: Final = ("completion_tokens", "prompt_tokens", "total_tokens")
_SHAPE: Final = (
    "choices",
    "choices[].finish_reason",
    "choices[].index",
    "choices[].message",
    "choices[].message.content",
    "choices[].message.refusal",
    "choices[].message.role",
    "created",
    "id",
    "model",
    "object",
    "system_fingerprint",
)
_AGAIN: Final = (241.0, 236.9, 255.2, 247.5, 233.8)
_AGAIN_SLOW: Final = (596.1, 622.7, 607.4, 589.9, 615.3)
"""The second batch, taken because the first one was slow."""
_RUN_ID: Final = "5a11ab1e0ddba115"
_REDACTOR: Final = Redactor()


def without_chat(evidence: Evidence) -> Evidence:
    """Give what `--skip-chat` would have left of a record."""
    [check] = [check for check in evidence.checks if check.probe == MODELS.name]
    target = evidence.target.model_copy(update={"probes": (MODELS.name,)})
    ok = check.outcome is Outcome.PASS
    summary = Summary(ok=ok, failure_class=check.failure_class)
    return evidence.model_copy(update={"target": target, "checks": (check,), "summary": summary})


def sample_evidences() -> tuple[Evidence, ...]:
    """Give three environments: the baseline, one that differs from it, one that fails."""
    return (_production(), _staging(), _new_region())


def sample_evidence() -> Evidence:
    """Give one environment that passes."""
    return _production()


def _production() -> Evidence:
    return _evidence(
        _environment("production", "https://gateway.example.com/v1", "PROD_API_KEY"),
        _models_check((*_EVERYWHERE, "o3", "o3-pro"), (31.2, 29.8, 33.4, 30.6, 32.1)),
        _chat_check(_chat(_DATED_MODEL, usage=_USAGE), (238.4, 251.9, 244.1, 229.7, 262.3), _AGAIN),
    )


def _staging() -> Evidence:
    return _evidence(
        _environment("staging", "https://staging.example.com/v1", "STAGING_API_KEY"),
        _models_check((*_EVERYWHERE, "gpt-5-preview"), (34.9, 30.2, 36.0, 31.5, 33.3)),
        _chat_check(_chat(_MODEL, usage=None), (603.8, 587.2, 641.0, 610.4, 598.5), _AGAIN_SLOW),
    )


def _new_region() -> Evidence:
    return _evidence(
        _environment("new-region", "https://eu.gateway.example.com/v1", "EU_API_KEY"),
        _models_check((*_EVERYWHERE, "o3", "o3-pro"), (58.7, 61.3, 57.9, 60.4, 63.0)),
        check_of(
            CHAT,
            [
                Reading(
                    status=429,
                    failure=FailureClass.RATE_OR_QUOTA,
                    preview=_REDACTOR.own(
                        "insufficient_quota: You exceeded your current quota, please check your plan"
                    ),
                    timing=_timing(72.6),
                )
            ],
        ),
    )


def _environment(name: str, base_url: str, api_key_env: str) -> Environment:
    # Nothing is sent, and no variable is read; a key has to be there for requests to be planned.
    return Environment(name, base_url, api_key_env, api_key=SecretStr("made up"), model=_MODEL, samples=5)


def _evidence(environment: Environment, *checks: Check) -> Evidence:
    return evidence_of(
        environment, checks, environment.model, _REDACTOR, Made(GENERATED_AT, run_id=_RUN_ID, made_up=True)
    )


def _models_check(ids: Sequence[str], totals_ms: Sequence[float]) -> Check:
    safe = tuple(sorted(_REDACTOR.model_ids(ids)))
    facts = ModelsFacts(
        model_count=len(safe),
        model_ids=safe,
        model_ids_sha256=hashlib.sha256("\n".join(safe).encode()).hexdigest(),
        sample_model_ids=safe[:SAMPLE_IDS],
    )
    return _passed(MODELS, facts, totals_ms)


def _chat_check(facts: ChatFacts, totals_ms: Sequence[float], again_ms: Sequence[float]) -> Check:
    return _passed(CHAT, facts, totals_ms, again_ms)


def _chat(answered: str, usage: Sequence[str] | None) -> ChatFacts:
    counted = () if usage is None else ("usage", *(f"usage.{name}" for name in usage))
    return ChatFacts(
        model=_REDACTOR.model_id(_MODEL),
        model_answered=_REDACTOR.model_id(answered),
        choice_count=1,
        finish_reason=_REDACTOR.own("stop"),
        usage_present=usage is not None,
        usage_fields=_paths(usage or ()),
        content_kind=ContentKind.TEXT,
        response_fields=_paths((*_SHAPE, *counted)),
    )


def _paths(names: Sequence[str]) -> tuple[Redacted, ...]:
    return tuple(path for name in sorted(names) if (path := _REDACTOR.key_path(name)) is not None)


def _passed(
    probe: Probe, facts: ModelsFacts | ChatFacts, totals_ms: Sequence[float], again_ms: Sequence[float] = ()
) -> Check:
    reply = Reply(facts)
    opening = Reading(status=200, reply=reply, timing=_timing(totals_ms[0] + 64.5, opening=True))
    first, again = (
        [Reading(status=200, reply=reply, timing=_timing(total), connection=Connection.REUSED) for total in batch]
        for batch in (totals_ms, again_ms)
    )
    return check_of(probe, [opening], first, again)


def _timing(total_ms: float, *, opening: bool = False) -> Timing:
    body_ms = 0.4
    connecting_ms = 64.5 if opening else 0.0
    return Timing(
        dns_ms=4.5 if opening else None,
        connect_ms=60.0 if opening else None,
        ttfb_ms=round(total_ms - connecting_ms - body_ms, 3),
        body_ms=body_ms,
        total_ms=round(total_ms, 3),
    )
