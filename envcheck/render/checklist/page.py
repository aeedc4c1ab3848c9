"""The checklist as Markdown that GitHub and GitLab render as a list of tasks, to paste where a rollout is signed."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from envcheck.comparison import READY, ItemState
from envcheck.render.checklist.wording import joined
from envcheck.render.escape import for_markdown_prose
from envcheck.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import ChecklistHead, Comparison, Item

_BOX: Final = {
    ItemState.DONE: "[x]",
    ItemState.ACCEPTED: "[x]",
    ItemState.OPEN: "[ ]",
    ItemState.UNKNOWN: "[ ] ?",
    ItemState.MANUAL: "[ ]",
}


_UNTITLED: Final = "(without a title)"


def is_ready(items: Sequence[Item]) -> bool:
    """Tell whether something was judged, and nothing keeps the rollout back but what a person has to say."""
    judged = [item for item in items if item.state is not ItemState.MANUAL]
    return bool(judged) and all(item.state in READY for item in judged)


def page_of(comparison: Comparison) -> str:
    """Give the page of a comparison that holds a checklist."""
    return "\n\n".join(_blocks(comparison)) + "\n"


def _blocks(comparison: Comparison) -> Iterator[str]:
    head, items = comparison.checklist_head, comparison.checklist
    yield f"# {for_markdown_prose('Rollout checklist' if head is None else head.title)}"
    yield f"{_verdict(items)} {_about(comparison, head)}"
    if comparison.made_up:
        yield "⚠️ **Made-up evidence**: no gateway was asked."
    groups: dict[str | None, list[str]] = {}
    for item in sorted(items, key=lambda item: item.environment is None):
        groups.setdefault(item.environment, []).append(_line(item))
    if len(groups.keys() - {None}) <= 1:
        yield "\n".join(line for lines in groups.values() for line in lines)
        return
    for name, lines in groups.items():
        yield f"## {_heading(name, comparison)}"
        yield "\n".join(lines)


def _heading(name: str | None, comparison: Comparison) -> str:
    if name is None:
        return "The rollout as a whole"
    return f"{for_markdown_prose(name)}{', the baseline' if comparison.is_baseline(name) else ''}"


def _verdict(items: Sequence[Item]) -> str:
    judged = [item for item in items if item.state is not ItemState.MANUAL]
    left = len(items) - len(judged)
    manual = "" if not left else f" {counted(left, 'item')} {'is' if left == 1 else 'are'} left to a person."
    if not judged:
        return f"**Not ready: nothing was judged.**{manual}"
    unready = sum(item.state not in READY for item in judged)
    if unready:
        verb = "is" if unready == 1 else "are"
        return f"**Not ready: {unready:,} of {counted(len(judged), 'item')} {verb} open.**{manual}"
    return f"**Ready: {counted(len(judged), 'item')} done or accepted.**{manual}"


def _about(comparison: Comparison, head: ChecklistHead | None) -> str:
    if head is None:
        return f"envcheck {comparison.tool.version}"
    when = head.probed_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    samples = [] if head.samples is None else [counted(head.samples, "sample")]
    return ", ".join((f"Probed {when}", *samples, f"envcheck {comparison.tool.version}"))


def _line(item: Item) -> str:
    title = for_markdown_prose(item.title).strip() or _UNTITLED
    detail = for_markdown_prose(item.detail or "")
    match item.state:
        case ItemState.OPEN:
            title = f"**{title}**"
        case ItemState.UNKNOWN:
            detail = f"could not tell: {detail}"
        case ItemState.ACCEPTED:
            detail = f"accepted {detail}"
        case ItemState.MANUAL:
            title = f"{title} *(for a person)*"
        case ItemState.DONE:
            pass
    return f"- {_BOX[item.state]} {joined(title, detail)}"
