"""The registry of report formats."""

from __future__ import annotations

import subprocess
import sys

import pytest
from render_samples import four_environments, four_evidences

from envcheck.comparison import CellState, Result
from envcheck.render import FORMATS, Format, register
from envcheck.render.marks import MARKS
from envcheck.render.terminal.cells import STYLES

OF_EACH = [form for form in FORMATS.values() if form.of_each]
OF_ALL = [form for form in FORMATS.values() if not form.of_each]


@pytest.mark.parametrize("form", OF_EACH, ids=lambda form: form.name)
def test_a_format_that_says_so_writes_a_report_of_each_and_one_of_all(form: Format) -> None:
    """Each ends in a newline, and no two formats write to one file."""
    files = dict(form.files(Result(four_evidences(), four_environments())))
    stems = [name.partition(".")[0] for name in files]
    assert stems == ["production", "staging", "new-region", "vendor", "comparison"]
    assert all(text.endswith("\n") for text in files.values())
    others = (other for other in FORMATS.values() if other is not form)
    assert not any(set(files) & {name for name, _ in other.files(Result(four_evidences()))} for other in others)


@pytest.mark.parametrize("form", OF_EACH, ids=lambda form: form.name)
def test_without_a_comparison_there_is_none_written(form: Format) -> None:
    """As when a run was stopped before all had answered."""
    assert [name.partition(".")[0] for name, _ in form.files(Result(four_evidences()[:1]))] == ["production"]


@pytest.mark.parametrize("form", OF_ALL, ids=lambda form: form.name)
def test_every_other_format_writes_of_the_run_as_a_whole_and_of_no_half_of_one(form: Format) -> None:
    """Nothing where nothing was compared: what a monitor, a CI or a reader would take for a run's result."""
    evidences = four_evidences()
    files = dict(form.files(Result(evidences, four_environments())))
    assert files
    assert all(text.endswith("\n") for text in files.values())
    assert not {name.partition(".")[0] for name in files} & {evidence.environment for evidence in evidences}
    assert list(form.files(Result(evidences))) == []


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_either_all_texts_of_a_format_are_files_or_each_has_its_place(form: Format) -> None:
    """A text whose place is not known would be lost, or fail a run after its last request."""
    names = dict(form.files(Result(four_evidences(), four_environments()))).keys()
    assert not form.elsewhere or names == form.elsewhere.keys()


def test_a_name_is_given_once() -> None:
    """Two formats of one name could not be told apart by `-f`."""
    with pytest.raises(ValueError, match="markdown"):
        register(Format("markdown", FORMATS["json"].files))


def test_the_registry_is_cheap_to_read() -> None:
    """`envcheck run --help` names the formats, and must not wait for what renders them."""
    heavy = "{'pydantic', 'tabulate', 'rich', 'aiohttp', 'typer', 'prometheus_client', 'xml.etree.ElementTree'}"
    code = f"import sys, envcheck.render; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_state_has_a_mark_of_its_own_and_a_style() -> None:
    """They are looked up, so mypy cannot tell that one is missing."""
    assert set(MARKS) == set(CellState) == set(STYLES)
    symbols = [mark.symbol for mark in MARKS.values()]
    assert len(set(symbols)) == len(symbols)
    assert {len(symbol) for symbol in symbols} == {1}
