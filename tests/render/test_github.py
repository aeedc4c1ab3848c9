"""What GitHub shows of a run: a page that fits, and annotations that nothing a server says can forge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from render_samples import WHEN, alike, finding, four_environments, four_evidences, slower, summary

from envcheck.comparison import Comparison, FindingState, Result, Verdict
from envcheck.render import FORMATS, Place
from envcheck.render.github import ANNOTATIONS, MOST_OF_A_SUMMARY, STEP_SUMMARY
from envcheck.render.github.annotations import MOST_OF_A_KIND, annotation, annotations_of
from envcheck.render.github.cut import NOTE, cut
from envcheck.render.markdown.comparison_page import page_of
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syrupy.assertion import SnapshotAssertion

    from envcheck.comparison import Finding

_COMMAND = re.compile(r"::(?P<command>[a-z]+) title=(?P<title>[^:,\r\n]*)::(?P<message>[^\r\n]*)")


def understood(line: str) -> tuple[str, str, str]:
    """Read a line as GitHub's runner does: properties and data each with their own escapes."""
    read = _COMMAND.fullmatch(line)
    assert read is not None, line
    title = read["title"].replace("%2C", ",").replace("%3A", ":")
    title, message = (
        each.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%") for each in (title, read["message"])
    )
    return read["command"], title, message


def found(*findings: Finding) -> Comparison:
    return Comparison(
        generated_at=WHEN,
        baseline="production",
        environments=("production", "staging"),
        rows=(),
        findings=findings,
        summary=summary(Verdict.DIFFERS, 3),
    )


def test_annotations_are_worst_first_and_of_what_stands_open(snapshot: SnapshotAssertion) -> None:
    """A line for each kind of finding; what is accepted or gone is none of them."""
    assert annotations_of(four_environments()) == snapshot


def test_nothing_found_is_nothing_said() -> None:
    """Silence is what a build's log wants of a run that found nothing."""
    assert annotations_of(alike(3)) == ""
    accepted = finding("models.removed", "staging", "models.model_ids", "o3", state=FindingState.ACCEPTED)
    assert annotations_of(found(accepted)) == ""


@pytest.mark.parametrize(
    ("severity", "command"), [(Severity.ERR, "error"), (Severity.WARN, "warning"), (Severity.INFO, "notice")]
)
def test_as_many_of_a_kind_as_github_shows_and_the_last_says_how_many_more(severity: Severity, command: str) -> None:
    """Ten are ten; of thirteen nine are told, and the tenth stands for four."""
    rules = [f"made.rule_{number}" for number in range(13)]
    all_of_them = [finding(rule, "staging", "models.x", "a", "b", severity=severity) for rule in rules]
    exactly = [understood(line) for line in annotations_of(found(*all_of_them[:MOST_OF_A_KIND])).splitlines()]
    assert [title for _, title, _ in exactly] == [f"{rule}: staging" for rule in rules[:10]]
    lines = [understood(line) for line in annotations_of(found(*all_of_them)).splitlines()]
    assert {each for each, _, _ in lines} == {command}
    assert [title for _, title, _ in lines] == [*(f"{rule}: staging" for rule in rules[:9]), f"4 more {command}s"]


def test_a_long_list_is_cut_and_what_is_known_before_says_so() -> None:
    """One annotation for one kind of finding, however many members it has."""
    gone = [
        finding("models.removed", "staging", "models.model_ids", f"o{n}", state=FindingState.UNCHANGED, counted=False)
        for n in range(20)
    ]
    rest = finding("models.removed", "staging", "models.model_ids", unnamed=5, state=FindingState.UNCHANGED)
    line = annotations_of(found(*gone, rest.model_copy(update={"counted": False})))
    assert understood(line.removesuffix("\n")) == (
        "error",
        "models.removed: staging",
        "o0, o1, o2, o3, o4, o5, o6, o7, … and 17 more (unchanged)",
    )
    assert "more" not in annotations_of(found(*gone[:8], slower()))


_SPECIAL = (
    "%",
    "\r",
    "\n",
    ":",
    ",",
    "%0A",
    "%25",
    "::error::x",
    "##vso[task.complete]",
    "\x1b[31m",
    "\u202e",
    "=",
    "é",
)


@settings(max_examples=200)
@given(title=st.lists(st.sampled_from(_SPECIAL)).map("".join), message=st.text() | st.sampled_from(_SPECIAL))
def test_an_annotation_is_one_line_that_says_what_it_was_given(*, title: str, message: str) -> None:
    """Percent signs, line ends, colons and commas arrive as they were, and none of them ends a part of the line."""
    line = annotation("error", title, message)
    assert line.count("\n") == 1
    assert line.endswith("\n")
    command, read_title, read_message = understood(line[:-1])
    assert command == "error"
    assert _kept(read_title) == _kept(title)
    assert _kept(read_message) == _kept(message)


def _kept(text: str) -> str:
    """What is left of a text on one line: what is printable and no blank."""
    return "".join(each for each in text if each.isprintable() and not each.isspace() and each != "\ufffd")


def test_the_escapes_are_githubs() -> None:
    """In a property colons and commas too, which mean nothing in the message."""
    assert annotation("warning", "a: 50%, b", "c: 50%, d") == "::warning title=a%3A 50%25%2C b::c: 50%25, d\n"


def test_an_annotation_steers_no_terminal() -> None:
    """A build's log is read in one."""
    assert annotation("error", "a\x1b[31m", "b\u202ec\nd") == "::error title=a\ufffd[31m::b\ufffdc d\n"


def test_each_text_has_its_place() -> None:
    """The page goes to the step's summary, the annotations to the log; none of them is a file."""
    form = FORMATS["github"]
    result = Result(four_evidences(), four_environments())
    texts = dict(form.files(result))
    assert form.elsewhere == {STEP_SUMMARY: Place.STEP_SUMMARY, ANNOTATIONS: Place.STDOUT}
    assert texts[STEP_SUMMARY] == page_of(four_environments(), four_evidences())
    assert texts[ANNOTATIONS] == annotations_of(four_environments())


def test_a_page_of_five_mebibytes_is_cut_to_what_github_takes() -> None:
    """It ends with whole rows of a table, in whole characters, and a note; and is hardly shorter than it may be."""
    rows = "\n".join(f"| `region-{number}` | `модель-{number}` | ✅ {'é' * 30} |" for number in range(60_000))
    page = (
        f"# envcheck: comparison\n\n| environment | model | what |\n| --- | --- | --- |\n{rows}\n\n## Notices\n\n- a\n"
    )
    assert len(page.encode()) > 5 * 1024 * 1024
    short = cut(page, MOST_OF_A_SUMMARY)
    assert MOST_OF_A_SUMMARY - 200 < len(short.encode()) <= MOST_OF_A_SUMMARY == 900 * 1024
    body = short.removesuffix(f"\n\n{NOTE}\n")
    assert body != short
    assert page.startswith(f"{body}\n")
    assert body.endswith(" |")


def test_the_format_cuts_its_page() -> None:
    """A comparison whose page is too long comes out short enough."""
    names = tuple(f"region-{number}-{'x' * 40}" for number in range(1500))
    many = [
        finding(f"made.rule_{number}", name, "models.model_ids", "м" * 300, "n", reason="r" * 200)
        for number, name in enumerate(names)
    ]
    comparison = found(*many).model_copy(update={"environments": ("production", *names)})
    assert len(page_of(comparison, ()).encode()) > MOST_OF_A_SUMMARY
    summary_text = dict(FORMATS["github"].files(Result((), comparison)))[STEP_SUMMARY]
    assert len(summary_text.encode()) <= MOST_OF_A_SUMMARY
    assert summary_text.endswith(f"|\n\n{NOTE}\n")


PAGE = """# Title

A sentence, здесь.

## Table

| a | b |
| --- | --- |
| 1 | 2 |
| 3 | 4 |

<details>
<summary>Fold</summary>

- one
- two

```text
<details>
# no heading
| no | table |
```

</details>

The end.
"""


LIMITS = range(len(f"\n\n{NOTE}\n".encode()), len(PAGE.encode()))


def test_wherever_a_page_is_cut_nothing_is_left_open() -> None:
    """No table without a row, no open fence or fold, no heading above nothing, and the note is a paragraph."""
    for limit in LIMITS:
        short = cut(PAGE, limit)
        assert len(short.encode()) <= limit
        _check_that_nothing_is_open(short)


def _check_that_nothing_is_open(short: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(short)
    kinds = [token.type for token in tokens]
    inline = [token.content for token in tokens if token.type == "inline"]
    assert kinds[-3:] == ["paragraph_open", "inline", "paragraph_close"]
    assert inline[-1] == NOTE
    assert kinds.count("table_open") == kinds.count("tbody_open")
    assert not any(line.startswith(("|", "#")) for content in inline for line in content.splitlines())
    outside_code = "".join(token.content for token in tokens if token.type == "html_block")
    assert outside_code.count("<details>") == outside_code.count("</details>")
    assert sum(line.startswith("```") for line in short.splitlines()) % 2 == 0
    before_note = kinds[: len(kinds) - 3]
    assert before_note[-1:] != ["heading_close"]


def test_what_stands_in_a_fence_is_no_markdown() -> None:
    """What looks like a heading, a table or a fold there is kept, and opens nothing."""
    page = f"text\n\n<details>\n\n```text\n<details>\n| no | table |\n# no heading\n{'x' * 9999}\n```\n\n</details>\n"
    kept = page.partition("xxx")[0]
    assert cut(page, 500) == f"{kept}```\n\n</details>\n\n{NOTE}\n"


def test_a_page_that_fits_is_left_as_it_is() -> None:
    """To the byte."""
    size = len(PAGE.encode())
    assert cut(PAGE, size) == PAGE
    assert cut(PAGE, size - 1).endswith(f"{NOTE}\n")


def test_a_first_line_that_is_too_long_leaves_the_note_alone() -> None:
    """Half a line might be half of anything."""
    assert _lines(cut("x" * 9999, 500)) == [NOTE]


def _lines(text: str) -> Sequence[str]:
    return [line for line in text.splitlines() if line]
