"""What failed and what was found, in words for a page, each with what to check first where there is a first thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.render.advice import advice_for
from envcheck.render.digest import Part, failures, grouped, key_to_blame
from envcheck.render.telling import Telling
from envcheck.render.words import ELLIPSIS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Check, Evidence
    from envcheck.render.advice import Advice
    from envcheck.render.digest import Group
    from envcheck.rules import Severity

_MOST_OF_A_KIND: Final = 12


class Failed(NamedTuple):
    """One probe of one environment that failed."""

    environment: str
    request: str
    status: str
    happened: str
    gateway_said: str


class FailedAlike(NamedTuple):
    """All that failed in one way, so that its advice is read once."""

    failure_class: str
    advice: Advice
    where: Sequence[Failed]


class Found(NamedTuple):
    """Findings that one line tells."""

    severity: Severity
    rule: str
    environments: str
    what: str
    reason: str
    tag: str


def failures_of(evidences: Sequence[Evidence]) -> list[FailedAlike]:
    """Give what failed, by class."""
    return [
        FailedAlike(name, advice_for(name), [_failed(*each) for each in checks])
        for name, checks in failures(evidences).items()
    ]


def found_in(comparison: Comparison) -> dict[str, list[Found]]:
    """Give the findings under the title of their part, in the order of the parts."""
    telling = Telling.of(comparison, tells_certainty=True)
    groups = grouped(comparison.findings)
    parts = {
        part.value.rstrip(":"): [_found(group, telling) for group in groups if group.kind.part is part] for part in Part
    }
    return {title: found for title, found in parts.items() if found}


def _found(group: Group, telling: Telling) -> Found:
    named = group.named or group.findings
    said = [telling.told(finding) for finding in named[:_MOST_OF_A_KIND]]
    more = (group.total if group.named else len(named)) - len(said)
    what = ", ".join(said) + (f" {ELLIPSIS} and {more:,} more" if more > 0 else "")
    kind = group.kind
    return Found(
        kind.severity, kind.rule, ", ".join(group.environments), what, kind.reason or "", kind.tag or kind.state
    )


def _failed(evidence: Evidence, check: Check) -> Failed:
    key = key_to_blame(evidence, check)
    happened = [check.failure_detail or "", f"key from {key}" if key else ""]
    status = "" if check.http_status is None else str(check.http_status)
    told = ", ".join(each for each in happened if each)
    return Failed(evidence.environment, check.request, status, told, check.error_preview or "")
