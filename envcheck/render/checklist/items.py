"""Every item of the checklist, in the order to read them, and what stands above them.

By environment: what its probes came to, what is expected of it, what it was held against, what is known and accepted.
Of the baseline, which nobody rolls out, only what is not in order is told. At the end stands what is about all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.comparison import INCOMPLETE, ChecklistHead, HeldAgainst, Item, ItemState, Why
from envcheck.redact import Redacted, Redactor
from envcheck.render.checklist.judged import items_of_rules
from envcheck.render.checklist.probed import items_of_probes
from envcheck.render.checklist.promised import items_of_expectations, items_of_known, items_of_persons
from envcheck.render.checklist.wording import MOST_NAMED, and_remedy, fingerprint
from envcheck.render.reasons import reason_of
from envcheck.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.comparison import Comparison, Expectation, Finding, Note
    from envcheck.evidence import Evidence
    from envcheck.policy import Rollout


def with_checklist(comparison: Comparison, evidences: Sequence[Evidence], rollout: Rollout) -> Comparison:
    """Put the checklist into a comparison; `evidences` are those it was made of, as far as they are at hand."""
    names = _rolled_out(comparison, rollout)
    by_name = {evidence.environment: evidence for evidence in evidences}
    items = (*_items(comparison, names, by_name), *items_of_persons(rollout.manual))
    head = _head(comparison, names, evidences, rollout)
    read_back = _ReadBack()
    return comparison.model_copy(
        update={
            "checklist": tuple(map(read_back.item, items)),
            "checklist_head": head.model_copy(update={"title": read_back.text(head.title)}),
        }
    )


class _ReadBack:
    """Gives words as they are read back from a saved record, so that the same list is written of it to the letter."""

    def __init__(self) -> None:
        self._redactor = Redactor()
        self._known: dict[str, Redacted] = {}

    def text(self, text: Redacted) -> Redacted:
        if text not in self._known:
            self._known[text] = self._redactor.loaded(text)
        return self._known[text]

    def item(self, item: Item) -> Item:
        detail = None if item.detail is None else self.text(item.detail)
        return item.model_copy(update={"title": self.text(item.title), "detail": detail})


def _rolled_out(comparison: Comparison, rollout: Rollout) -> tuple[str, ...]:
    if rollout.environments:
        return rollout.environments
    return tuple(name for name in comparison.environments if not comparison.is_baseline(name))


def _head(
    comparison: Comparison, names: Sequence[str], evidences: Sequence[Evidence], rollout: Rollout
) -> ChecklistHead:
    moments = [evidence.generated_at for evidence in evidences]
    return ChecklistHead(
        title=Redacted(rollout.title or _title(comparison, names)),
        environments=tuple(names),
        probed_at=max(moments, default=comparison.generated_at),
        samples=min((evidence.target.samples for evidence in evidences), default=None),
    )


def _title(comparison: Comparison, names: Sequence[str]) -> str:
    who = ", ".join(names) if len(names) <= MOST_NAMED else counted(len(names), "environment")
    match comparison.held_against:
        case HeldAgainst.NOTHING:
            against = ""
        case HeldAgainst.ITSELF_EARLIER:
            against = " against the earlier run"
        case _:
            against = f" against {comparison.baseline}"
    return f"Rollout checklist: {who}{against}"


def _items(comparison: Comparison, names: Sequence[str], evidences: Mapping[str, Evidence]) -> Iterator[Item]:
    for name, of_it in _by_environment(comparison):
        items = _of_one(of_it, name, evidences.get(name))
        if name in names:
            yield from items
        elif comparison.is_baseline(name):
            yield from (item for item in items if item.state in {ItemState.OPEN, ItemState.UNKNOWN})
    for name in names:
        if name not in comparison.environments:
            yield _absent(name)
    for notice in comparison.notices:
        if notice.note is not None and notice.note.why in INCOMPLETE:
            yield _of_all(_known_by(notice.note), "every record is compared", and_remedy(*reason_of(notice.note)))


def _known_by(note: Note) -> str:
    """Tell shards apart, of which more than one may be missing; how many records cannot be read makes no other item."""
    return note.why.value if note.why is Why.UNREAD else f"{note.why.value}.{note.number}"


def _by_environment(comparison: Comparison) -> Iterator[tuple[str, Comparison]]:
    """Give of each environment a comparison with only what is said of it, for the lists of a fleet are long.

    What changed since it was last seen is no part of a checklist, which asks whether it is as its baseline is.
    """
    findings: dict[str, list[Finding]] = {}
    for finding in comparison.findings:
        if not finding.is_a_change:
            findings.setdefault(finding.environment, []).append(finding)
    expectations: dict[str, list[Expectation]] = {}
    for expectation in comparison.expectations:
        expectations.setdefault(expectation.environment, []).append(expectation)
    for name in comparison.environments:
        of_it = {"findings": tuple(findings.get(name, ())), "expectations": tuple(expectations.get(name, ()))}
        yield name, comparison.model_copy(update=of_it)


def _of_one(comparison: Comparison, name: str, evidence: Evidence | None) -> Iterator[Item]:
    yield from items_of_probes(comparison, name, evidence)
    yield from items_of_expectations(comparison, name)
    yield from items_of_rules(comparison, name)
    yield from items_of_known(comparison, name)


def _absent(name: str) -> Item:
    return Item(
        id=fingerprint("absent", name),
        title=Redacted(f"{name} is probed"),
        environment=name,
        state=ItemState.UNKNOWN,
        detail=Redacted(and_remedy("it takes no part in this run", "run again with it")),
    )


def _of_all(key: str, title: str, detail: str) -> Item:
    return Item(id=fingerprint("all", key), title=Redacted(title), state=ItemState.UNKNOWN, detail=Redacted(detail))
