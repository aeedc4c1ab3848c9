"""What changed since the run before, in a short paragraph above everything else: what a mail is read for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.digest import grouped
from envcheck.render.escape import for_terminal
from envcheck.render.telling import Telling
from envcheck.render.terminal.layout import wrap
from envcheck.render.words import counted, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from envcheck.comparison import Comparison, Finding
    from envcheck.comparison.news import Changing, News, Outage
    from envcheck.render.digest import Group

_MOST_NAMED: Final = 3
"""Members of a set that are named."""
_MOST_TOLD: Final = 6
"""Things of a kind that are told; the findings below have them all."""
_INDENT: Final = "  "
_VERBS: Final = {"models.removed": ("lacks", "lack"), "models.added": ("also has", "also have")}
"""What is said of one environment and of several, where there is a plainer word than the rule's name."""
_VERBS_OF_A_CHANGE: Final = {"models.removed": ("lost", "lost"), "models.added": ("gained", "gained")}
"""The same of one that is held against itself as it was last seen."""


def paragraph(news: News, comparison: Comparison, *, width: int) -> str:
    """Say what is new, what is gone, and since when the rest stands, with a newline at its end.

    Args:
        news: what there is to tell.
        comparison: what it was taken from.
        width: of the terminal, in columns.

    """
    lines: list[str] = []
    for sentence in _sentences(news, Telling.of(comparison, for_terminal)):
        first, *rest = wrap(sentence, width - len(_INDENT))
        lines += [first, *(f"{_INDENT}{line}" for line in rest)]
    return "\n".join(lines) + "\n"


def _sentences(news: News, telling: Telling) -> Iterator[str]:
    if news.since is None:
        yield "There is no earlier run to hold this one against, so nothing is called new."
    if not news.is_conclusive:
        yield "Inconclusive: the last line says why."
    yield from map(_outage, news.outages)
    yield from map(_over, news.over)
    day = "" if news.since is None else f" since the last run ({news.since.isoformat()})"
    yield from _listed("Found", _told(news.found, telling))
    yield from _listed(f"New{day}", _told(news.new, telling))
    yield from _listed("Matters more than before", _told(news.graver, telling))
    yield from _listed(f"Gone{day}", _told(news.gone, telling))
    yield from _listed("Comes and goes, and is told again when it has settled", map(_changing, news.begun))
    yield from _listed("No longer comes and goes", map(_settled, news.settled))
    yield from _listed("Looked at for the first time", news.joined)
    yield from _listed("No longer looked at", news.left)
    yield from _listed("Unchanged", _told([*news.due, *news.standing], telling))


def _listed(label: str, said: Iterable[str]) -> Iterator[str]:
    said = list(said)
    if said:
        more = len(said) - _MOST_TOLD
        shown = said if more <= 1 else [*said[:_MOST_TOLD], f"and {more:,} more"]
        yield f"{label}: {'; '.join(shown)}."


def _told(findings: Sequence[Finding], telling: Telling) -> Iterator[str]:
    for group in grouped(findings):
        yield f"{_what(group, telling)}{_since(group)}"


def _what(group: Group, telling: Telling) -> str:
    first, names = group.findings[0], ", ".join(map(for_terminal, group.environments))
    verbs = _VERBS_OF_A_CHANGE if first.is_a_change else _VERBS
    if first.rule not in verbs or not group.named:
        said = telling.in_brief(group)
        return f"{names}: {f'{said} {telling.told(first)}' if said == first.rule else said}"
    verb = verbs[first.rule][len(group.environments) > 1]
    members = [for_terminal(each.value or "") for each in group.named]
    unnamed = group.total - len(members)
    if len(members) >= _MOST_NAMED:
        return f"{names} {verb} {in_words(members, _MOST_NAMED, unnamed=unnamed)}"
    few = [*members, f"{unnamed:,} that are not named"] if unnamed else members
    return f"{names} {verb} {in_words(few, _MOST_NAMED)}"


def _since(group: Group) -> str:
    """Say since when it is there, and in how many runs, where both are known; of what is new neither is worth it."""
    if group.kind.since is None:
        return ""
    in_a_row = "" if group.kind.runs is None else f", {counted(group.kind.runs, 'run')}"
    return f" since {group.kind.since.isoformat()}{in_a_row}"


def _outage(outage: Outage) -> str:
    name = for_terminal(outage.environment)
    failed = ", ".join(f"{probe}: {why}" for probe, why in outage.failed)
    what = f"{name} is down" if outage.is_whole else f"{name} does not answer {_probes(outage)}"
    again = ", and comes and goes" if outage.comes_and_goes else ""
    return f"{what} since {_lasted(outage)}{again} ({for_terminal(failed)})."


def _probes(outage: Outage) -> str:
    return for_terminal(" nor ".join(probe for probe, _ in outage.failed))


def _lasted(outage: Outage) -> str:
    day = "" if outage.since is None else outage.since.isoformat()
    return day if outage.nights == 1 else f"{day}, {counted(outage.nights, 'night')}"


def _over(outage: Outage) -> str:
    name = for_terminal(outage.environment)
    if outage.since is None:
        return f"{name} answers, and no longer comes and goes."
    return f"{name} answers again; it was down since {_lasted(outage)}."


def _changing(changing: Changing) -> str:
    about = changing.field if changing.value is None else changing.value
    return for_terminal(f"{changing.environment}: {changing.rule} {about}")


def _settled(changing: Changing) -> str:
    return f"{_changing(changing)} ({'it is there' if changing.is_there else 'it is gone'})"
