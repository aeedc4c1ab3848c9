"""The two pages: a comparison, from the verdict down to what was left out, and one environment by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import Verdict
from envcheck.render.digest import unverified
from envcheck.render.elsewhere import seen_from_each
from envcheck.render.html import nights as of_nights
from envcheck.render.html.findings import failures_of, found_in
from envcheck.render.html.latency import WIDTH, plots_of
from envcheck.render.html.matrix import Grid, Line, grid_of, shown
from envcheck.render.html.templating import page
from envcheck.render.matrix import matrix_of
from envcheck.render.reasons import accept_notice_in_words, notice_in_words
from envcheck.render.verdict import verdict
from envcheck.render.words import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from envcheck.comparison import Comparison
    from envcheck.evidence import Check, Evidence
    from envcheck.render.html.nights import Nights

_STATUS: Final = {
    Verdict.SAME: ("same", "✓", "Same"),
    Verdict.DIFFERS: ("differs", "≠", "Differs"),
    Verdict.FAILED: ("failed", "✗", "Failed"),
    Verdict.INCONCLUSIVE: ("undecided", "?", "Inconclusive"),
}
_SAME_AS_FAR_AS_JUDGED: Final = ("undecided", "!", "Same, as far as it was decided")
_SERVER_TEXT: Final = {
    "shown": "Text that the gateway wrote is shown after redaction",
    "withheld": "Text that the gateway wrote is withheld whole, for it could not be told from a secret",
    "withheld_by_tripwire": "Text that the gateway wrote is withheld where a secret was still found in it",
}
_MOST_INLINE: Final = 10


class FactsOf(NamedTuple):
    """What one probe found."""

    probe: str
    facts: Sequence[tuple[str, str]]


def comparison_page(comparison: Comparison, evidences: Sequence[Evidence], nights: Nights | None = None) -> str:
    """Give the page of a run, with a newline at its end; with `nights` it also shows the last of them."""
    is_same = comparison.summary.verdict is Verdict.SAME
    status = _SAME_AS_FAR_AS_JUDGED if is_same and comparison.summary.undecided else _STATUS[comparison.summary.verdict]
    return page(
        "comparison.html",
        title="envcheck: comparison",
        status=status,
        verdict=verdict(comparison),
        cautions=list(_cautions(comparison, evidences)),
        baselines=[name for name in comparison.environments if comparison.is_baseline(name)],
        grid=grid_of(comparison),
        failures=failures_of(evidences),
        found=found_in(comparison),
        elsewhere=seen_from_each(comparison),
        notices=[*map(accept_notice_in_words, comparison.accept_notices), *_notices(comparison)],
        plots=plots_of(evidences),
        width=WIDTH,
        capabilities=_capabilities(comparison),
        safety=_safety(evidences),
        when=_when(comparison.generated_at) + _from(comparison.vantages),
        version=comparison.tool.version,
        **(of_nights.given(nights) if nights is not None else {"nights": None}),
    )


def environment_page(evidence: Evidence) -> str:
    """Give the page of one environment, with a newline at its end."""
    failure = evidence.summary.failure_class
    return page(
        "environment.html",
        title=f"envcheck: {evidence.environment}",
        status=(*_STATUS[Verdict.SAME][:2], "Pass") if evidence.summary.ok else _STATUS[Verdict.FAILED],
        verdict="every probe passed" if evidence.summary.ok else f"the first failure is {failure}",
        cautions=list(_cautions(evidence, (evidence,))),
        evidence=evidence,
        failures=failures_of((evidence,)),
        facts=[FactsOf(check.probe, list(_facts(check))) for check in evidence.checks],
        plots=plots_of((evidence,)),
        width=WIDTH,
        safety=_safety((evidence,)),
        when=_when(evidence.generated_at) + _from(filter(None, [evidence.vantage])),
        version=evidence.tool.version,
    )


def _from(vantages: Iterable[str]) -> str:
    where = list(vantages)
    return f" from {in_words(where, _MOST_INLINE)}" if where else ""


def _cautions(record: Comparison | Evidence, evidences: Sequence[Evidence]) -> Iterator[str]:
    if record.made_up:
        yield "Made-up evidence: no gateway was asked."
    names = unverified(evidences)
    if names:
        yield f"TLS certificates were not verified (verify_tls = false): {in_words(names, _MOST_INLINE)}"


def _notices(comparison: Comparison) -> Iterator[str]:
    for notice in comparison.notices:
        yield f"{notice.environment}: {notice_in_words(notice)}" if notice.environment else notice_in_words(notice)


def _capabilities(comparison: Comparison) -> Grid:
    names = comparison.environments
    lines = matrix_of(comparison)
    by_name = [
        Line(name, [shown(line.fates[name].cell, said=line.fates[name].word) for line in lines]) for name in names
    ]
    return Grid("environment", [line.probe for line in lines], by_name)


def _safety(evidences: Sequence[Evidence]) -> dict[str, str]:
    """Give each thing that is said of safety, with the environments of which it is true."""
    said: dict[str, list[str]] = {}
    for evidence in evidences:
        safety = evidence.safety
        prompt = "envcheck's own" if safety.prompt_source == "default" else "the configured one"
        told = [f"Left out: {each}" for each in safety.left_out]
        for each in (*told, f"The prompt that was sent is {prompt}", _SERVER_TEXT[safety.server_text]):
            said.setdefault(each, []).append(evidence.environment)
    everywhere = len(evidences)
    return {each: "" if len(names) == everywhere else in_words(names, _MOST_INLINE) for each, names in said.items()}


def _facts(check: Check) -> Iterator[tuple[str, str]]:
    for name, value in check.facts.model_dump(mode="python").items():
        if value is not None:
            yield name, _said(value)
    for name, values in check.varying.items():
        yield f"{name} varied", in_words(values, _MOST_INLINE)


def _said(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return in_words(list(map(str, value)), _MOST_INLINE) or "none"
        case Mapping():
            return ", ".join(f"{word} {number}" for word, number in value.items())
        case _:
            return str(value)


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
