"""The items about rules: one for each rule that was judged in an environment, whatever the number of its findings.

A rule that is only for information never keeps a rollout back: what it found, or could not tell, is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.comparison import Item, ItemState
from envcheck.probes import rules
from envcheck.redact import Redacted
from envcheck.render.checklist.seen import seen_of_rules
from envcheck.render.checklist.wording import ACCEPT, and_remedy, few, fingerprint, found, quoted, telling_of
from envcheck.rules import CORE_RULES, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Comparison
    from envcheck.render.checklist.seen import Seen
    from envcheck.rules import Rule


def items_of_rules(comparison: Comparison, environment: str) -> Iterator[Item]:
    """Yield an item for each rule that was judged: those of the probes first, then what all probes share."""
    known = rules()
    seen = seen_of_rules(comparison, environment)
    core = {rule.name for rule in CORE_RULES}
    in_order = [*(name for name in known if name not in core), *(name for name in known if name in core)]
    for name in (*in_order, *sorted(seen.keys() - known.keys())):
        if name in seen and (item := _item(comparison, environment, name, seen[name], known.get(name))) is not None:
            yield item


def _item(comparison: Comparison, environment: str, name: str, seen: Seen, rule: Rule | None) -> Item | None:
    severity = _severity(comparison, name, seen, rule)
    if severity is Severity.NONE:
        return None
    title = _title(comparison, name, rule)
    state, detail = _state(comparison, name, seen, rule)
    if severity is Severity.INFO and comparison.summary.fail_on != "info" and state is not ItemState.DONE:
        title, detail = f"for information: {quoted(name)}", _for_information(comparison, seen)
        state = ItemState.DONE
    one = seen.findings[0] if len(seen.findings) == 1 else None
    return Item(
        id=fingerprint("rule", environment, name),
        title=Redacted(title),
        environment=environment,
        state=state,
        detail=Redacted(detail) if detail else None,
        probe=seen.probe,
        rule=name,
        severity=severity,
        expected=None if one is None else one.expected,
        actual=None if one is None else one.actual,
    )


def _severity(comparison: Comparison, name: str, seen: Seen, rule: Rule | None) -> Severity:
    if seen.findings:
        return min((finding.severity for finding in seen.findings), key=list(Severity).index)
    default = Severity.WARN if rule is None else rule.severity
    return default if comparison.settings is None else comparison.settings.severity.get(name, default)


def _state(comparison: Comparison, name: str, seen: Seen, rule: Rule | None) -> tuple[ItemState, str]:
    if seen.findings:
        said = found(seen.findings, telling_of(comparison))
        return ItemState.OPEN, and_remedy(said, f"{'mend it' if rule is None else rule.mend}, or {ACCEPT}")
    if seen.doubts:
        look = f"look at it, or switch {quoted(name)} off"
        doubts = (
            and_remedy(f"{few(facts)}: {why.what}" if seen.is_of_several else why.what, why.remedy or look)
            for why, facts in seen.doubts.items()
        )
        return ItemState.UNKNOWN, "; ".join(doubts)
    return ItemState.DONE, few(list(filter(None, seen.done)), between="; ")


def _for_information(comparison: Comparison, seen: Seen) -> str:
    if seen.findings:
        return found(seen.findings, telling_of(comparison))
    return f"could not tell: {'; '.join(why.what for why in seen.doubts)}"


def _title(comparison: Comparison, name: str, rule: Rule | None) -> str:
    if rule is None or not rule.holds:
        return f"nothing is found by {quoted(name)}"
    return rule.holds.format(baseline=comparison.baseline or "the earlier run")
