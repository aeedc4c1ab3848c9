"""Items of a checklist made by hand, for tests of what renders them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st
from render_samples import WHEN, summary

from envcheck.comparison import Comparison, Item, ItemState, Verdict
from envcheck.redact import Redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES: Final = ("production", "staging", "new-region")
HOSTILE: Final = (
    "\x00\x01\x08\x0b\x1b[31m\x7f\x85\ufffe\uffff\ud800",
    "]]></failure><testcase name='forged'/>",
    "&amp; <b>\"quoted\"</b> 'single' <!-- -->",
    "\u202egnp.exe\u200b\u2028",
    "::error::x\n##vso[task.complete]",
    "\U0001f600 naïve 模型",
)


def item(
    title: str,
    state: ItemState,
    environment: str | None = "staging",
    probe: str | None = "models",
    detail: str | None = None,
    **more: object,
) -> Item:
    return Item(
        id="0123456789abcdef",
        title=Redacted(title),
        environment=environment,
        state=state,
        probe=probe,
        detail=None if detail is None else Redacted(detail),
        **more,  # type: ignore[arg-type]  # checked by pydantic
    )


def with_checklist(items: Sequence[Item]) -> Comparison:
    return Comparison(
        generated_at=WHEN,
        baseline="production",
        environments=NAMES,
        rows=(),
        findings=(),
        checklist=tuple(items),
        summary=summary(Verdict.SAME, 0),
    )


_TEXTS: Final = st.text(max_size=20) | st.sampled_from(HOSTILE)
_SAFE: Final = _TEXTS.map(Redacted)


def items() -> st.SearchStrategy[list[Item]]:
    """Draw checklists in which any text may stand where text may."""
    return st.lists(
        st.builds(
            Item,
            id=st.just("0123456789abcdef"),
            title=_SAFE,
            environment=st.sampled_from((*NAMES, "gone", None)),
            state=st.sampled_from(ItemState),
            detail=st.none() | _SAFE,
            probe=st.sampled_from(("models", "chat", None)),
            rule=st.sampled_from(("models.removed", "expect.unmet", None)),
            expected=st.none() | st.booleans() | st.integers(0, 9) | _SAFE,
            actual=st.none() | st.floats(0, 9) | _SAFE,
            seconds=st.none() | st.floats(0, 90),
        ),
        max_size=8,
    )
