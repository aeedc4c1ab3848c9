from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from comparing import compared
from evidences import evidence, failed, models, passed, skipped

from envcheck import probes
from envcheck.judge.scalar import Scalar
from envcheck.model import Outcome
from envcheck.probes import PROBES
from envcheck.record import Facts
from envcheck.redact import Redacted, SafeText
from envcheck.render.markdown.comparison_page import page_of
from envcheck.render.markdown.markup import code_list
from envcheck.render.matrix import matrix_of
from envcheck.render.terminal.table import render
from envcheck.rules import Rule, Severity

if TYPE_CHECKING:
    from envcheck.comparison import Comparison
    from envcheck.evidence import Check

pytestmark = pytest.mark.usefixtures("_opt_in_probes")


class ToolsFacts(Facts):
    honoured: SafeText
    call_count: int = 1


class WrongKeyFacts(Facts):
    status: int = 401


@pytest.fixture
def _opt_in_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have two probes that nobody asks by default: one says what was done, one does not."""
    honoured = Rule("tools.honoured", Severity.ERR, "it is another answer", "production: honoured, staging: ignored")
    calls = Rule("tools.call_count", Severity.WARN, "it is another number", "production: 1, staging: 2")
    opt_in = replace(PROBES["chat"], optional=True, on_by_default=False)
    tools = replace(
        opt_in, name="tools", facts=ToolsFacts, fields=(Scalar("honoured", honoured), Scalar("call_count", calls))
    )
    monkeypatch.setitem(probes._REGISTERED, "tools", tools)
    monkeypatch.setitem(
        probes._REGISTERED, "wrong_key", replace(opt_in, name="wrong_key", facts=WrongKeyFacts, fields=())
    )


def tools(honoured: str = "honoured", calls: int = 1) -> Check:
    return passed("tools", ToolsFacts(honoured=Redacted(honoured), call_count=calls))


def refused(probe: str, status: int) -> Check:
    check = failed(probe, "http_0", status=status)
    return check.model_copy(update={"outcome": Outcome.UNSUPPORTED, "failure_class": None})


WRONG_KEY = passed("wrong_key", WrongKeyFacts())


def words(comparison: Comparison, name: str = "staging", **how: bool) -> dict[str, str]:
    return {line.probe: line.fates[name].word for line in matrix_of(comparison, **how)}


@pytest.mark.parametrize(
    ("check", "word"),
    [
        (tools(), "honoured"),
        (tools("ignored"), "ignored"),
        (refused("tools", 400), "refused"),
        (refused("tools", 403), "refused"),
        (refused("tools", 422), "refused"),
        (refused("tools", 404), "unsupported"),
        (refused("tools", 501), "unsupported"),
        (failed("tools", "timeout"), "failed"),
        (skipped("tools"), "skipped"),
        (None, "not asked"),
    ],
)
def test_each_end_of_a_probe_has_its_word(check: Check | None, word: str) -> None:
    """Honoured, ignored and refused are three answers, and a route that is not there is a fourth."""
    checks = [models("m")] + ([] if check is None else [check])
    comparison = compared(evidence("production", models("m"), tools()), evidence("staging", *checks))
    assert words(comparison) == {"tools": word}


def test_a_probe_with_nothing_to_honour_passes() -> None:
    """That a wrong key is refused is what is asked of it."""
    comparison = compared(evidence("production", WRONG_KEY), evidence("staging", WRONG_KEY))
    assert words(comparison) == {"wrong_key": "pass"}


def test_the_usual_probes_are_no_part_of_it() -> None:
    """They stand below, with all they have to say."""
    comparison = compared(evidence("production", models("m")), evidence("staging", models("m")))
    assert matrix_of(comparison) == []
    assert "opt-in" not in drawn(comparison)


def test_only_differences_leaves_out_what_is_alike() -> None:
    """As of any row."""
    production = evidence("production", tools(), WRONG_KEY)
    comparison = compared(production, evidence("staging", tools("ignored"), WRONG_KEY))
    assert words(comparison, only_differences=True) == {"tools": "ignored"}


def drawn(comparison: Comparison, width: int = 100) -> str:
    return render(comparison, [], width=width, color=False, only_differences=False)


def test_the_matrix_stands_above_and_details_only_where_they_differ() -> None:
    """What went as in the baseline is one line, and a call more is a row of its probe."""
    production = evidence("production", models("m"), tools(), WRONG_KEY)
    staging = evidence("staging", models("m"), tools(calls=2), WRONG_KEY)
    lines = drawn(compared(production, staging)).splitlines()
    assert lines[:7] == [
        "opt-in probes  production  staging",
        "               (baseline)",
        "-------------  ----------  ----------",
        "tools            honoured    honoured",
        "wrong_key        pass        pass",
        "",
        "              production  staging",
    ]
    details = "\n".join(lines[7:])
    assert "call_count" in details
    assert "  honoured " not in details
    assert "wrong_key" not in details


def test_what_differs_is_marked_and_explained() -> None:
    """Without colour too."""
    text = drawn(compared(evidence("production", tools()), evidence("staging", refused("tools", 404))))
    assert "tools            honoured  - unsupported" in text
    assert "- something is missing" in text


def test_many_environments_are_named_by_the_word() -> None:
    """Columns that do not fit would be cut; who fared alike is named together, the baseline's first."""
    records = [evidence(f"region-number-{number}", models("m"), tools(), WRONG_KEY) for number in range(9)]
    records[7] = evidence("region-number-7", models("m"), tools("ignored"), WRONG_KEY)
    lines = drawn(compared(*records), width=60).splitlines()
    assert lines[0] == "opt-in probes"
    assert lines[1].startswith("tools        honoured: region-number-0, ")
    assert all(len(line) <= 60 for line in lines)
    assert "           ≠ ignored: region-number-7" in lines
    assert "wrong_key    pass everywhere" in lines


@pytest.mark.parametrize("number", [2, 9])
def test_markdown_has_the_matrix_too(number: int) -> None:
    """As columns where they are few, and by the word where they are many."""
    records = [evidence(f"e{each}", models("m"), tools(), WRONG_KEY) for each in range(number - 1)]
    page = page_of(compared(*records, evidence("last", models("m"), tools("ignored"), WRONG_KEY)), [])
    matrix = page.split("## Opt-in probes")[1].split("## Details")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in matrix.splitlines() if line.startswith("|")]
    if number == 2:
        assert rows[0] == ["probe", "`e0` (baseline)", "`last`"]
        assert rows[2:] == [["`tools`", "honoured", "≠ ignored"], ["`wrong_key`", "pass", "pass"]]
    else:
        assert rows[2:] == [
            ["`tools`", "honoured", code_list([f"e{each}" for each in range(8)], 8)],
            ["`tools`", "≠ ignored", "`last`"],
            ["`wrong_key`", "pass", f"{code_list([f'e{each}' for each in range(8)], 8)} … and 1 more"],
        ]
