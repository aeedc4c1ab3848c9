"""The checklist as JUnit XML, read back as a CI does. `tests/ci_formats` holds it against a published schema."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from checklists import HOSTILE, NAMES, item, items, with_checklist
from hypothesis import given, settings
from junitparser import Error, Failure, JUnitXml, Skipped

from envcheck.comparison import ItemState, Result
from envcheck.render import FORMATS
from envcheck.render.escape import for_terminal
from envcheck.render.junit.suites import OF_THE_WHOLE, document_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from junitparser import TestCase
    from syrupy.assertion import SnapshotAssertion

    from envcheck.comparison import Item

CHECKLIST = (
    item("production answers `GET /models`", ItemState.DONE, "production", seconds=0.0312),
    item("no model is missing", ItemState.OPEN, detail="roll it out", rule="models.removed", expected="o3",
         seconds=0.2),
    item("chat takes 800 ms at most", ItemState.OPEN, probe="chat", rule="expect.unmet", expected="at most 800 ms",
         actual=912.5, seconds=0.9125),
    item("the certificate is valid for 30 days", ItemState.UNKNOWN, probe="transport", detail="no TLS"),
    item("usage is reported", ItemState.ACCEPTED, "new-region", "chat", "the vendor knows; until 2027-01-31"),
    item("no model is missing", ItemState.DONE, "new-region"),
    item("the gateways are different ones", ItemState.DONE, None, "target"),
    item("Rollback plan is linked", ItemState.MANUAL, None, None),
)  # fmt: skip

WITH_A_CHILD = (ItemState.OPEN, ItemState.UNKNOWN, ItemState.ACCEPTED)


def read_back(document: str) -> dict[str, list[TestCase]]:
    """Read a document as a CI does: its tests by suite."""
    return {suite.name: list(suite) for suite in JUnitXml.fromstring(document.encode())}


def results_of(test: TestCase) -> list[type]:
    return [type(result) for result in test.result]


def test_a_checklist_as_a_person_reads_it(snapshot: SnapshotAssertion) -> None:
    """A suite for each environment with items, one for what is about none, and nothing that is a person's to tick."""
    assert document_of(with_checklist(CHECKLIST)) == snapshot


def test_a_parser_finds_what_is_open_unknown_and_accepted() -> None:
    """Open is a failure, what could not be told is skipped, and accepted passes and says so."""
    suites = read_back(document_of(with_checklist(CHECKLIST)))
    assert list(suites) == ["production", "staging", "new-region", OF_THE_WHOLE]
    missing, slow, certificate = suites["staging"]
    assert (missing.classname, missing.time) == ("models", 0.2)
    assert results_of(missing) == results_of(slow) == [Failure]
    assert (missing.result[0].type, missing.result[0].message) == ("models.removed", "models.removed: expected o3")
    assert missing.result[0].text == "roll it out"
    assert slow.result[0].message == "expect.unmet: expected at most 800 ms, actual 912.5"
    assert results_of(certificate) == [Skipped]
    assert certificate.result[0].text == "could not tell: no TLS"
    accepted = suites["new-region"][0]
    assert accepted.is_passed
    assert accepted.system_out == "accepted: the vendor knows; until 2027-01-31"


def test_tests_of_two_environments_are_told_apart() -> None:
    """GitLab knows a test by its class and its name, without its suite: one of two would be lost."""
    suites = read_back(document_of(with_checklist(CHECKLIST)))
    assert suites["staging"][0].name == "no model is missing (staging)"
    assert suites["new-region"][1].name == "no model is missing (new-region)"
    assert suites["production"][0].name == "production answers `GET /models`"


def test_a_failure_without_values_says_what_was_seen() -> None:
    """A message is the one line that many a CI shows."""
    said = [item("a", ItemState.OPEN, detail="chat failed: timeout", rule="probe.failed"), item("b", ItemState.OPEN)]
    first, second = read_back(document_of(with_checklist(said)))["staging"]
    assert first.result[0].message == "probe.failed: chat failed: timeout"
    assert (second.result[0].message, second.result[0].type) == ("b", "envcheck")


def test_an_empty_checklist_is_a_document_without_tests() -> None:
    """A CI reads it, and finds that nothing was tested."""
    document = document_of(with_checklist([CHECKLIST[-1]]))
    assert read_back(document) == {}
    assert 'tests="0"' in document


def test_no_character_that_xml_cannot_hold_is_printable() -> None:
    """That is why what a terminal is spared is all that has to be taken out."""
    legal = {0x9, 0xA, 0xD, *range(0x20, 0xD800), *range(0xE000, 0xFFFE), *range(0x10000, 0x110000)}
    illegal = [chr(code) for code in range(sys.maxunicode + 1) if code not in legal]
    assert len(illegal) == 29 + 2048 + 2
    assert not any(character in for_terminal(f"a{character}b") for character in illegal)


@settings(max_examples=25)
@given(made=items())
def test_whatever_is_said_the_document_says_no_more(made: Sequence[Item]) -> None:
    """A parser finds as many tests of each kind as there are, in the right suites, and the totals agree."""
    document = document_of(with_checklist(made))
    told = [each for each in made if each.state is not ItemState.MANUAL]
    root = ET.fromstring(document.encode())
    assert [len(root.findall(f".//{tag}")) for tag in ("testcase", "failure", "skipped", "system-out")] == [
        len(told),
        *(
            sum(each.state is state for each in told)
            for state in (ItemState.OPEN, ItemState.UNKNOWN, ItemState.ACCEPTED)
        ),
    ]
    suites = read_back(document)
    assert {name: len(tests) for name, tests in suites.items()} == {
        name or OF_THE_WHOLE: sum(each.environment == name for each in told)
        for name in (*NAMES, "gone", None)
        if any(each.environment == name for each in told)
    }
    assert int(root.attrib["failures"]) == sum(int(suite.attrib["failures"]) for suite in root)
    assert not any(isinstance(result, Error) for tests in suites.values() for test in tests for result in test.result)


def test_hostile_names_reach_a_parser_as_text() -> None:
    """Markup is text, control characters are replaced, and a name stays on its line."""
    made = [
        item(name, ItemState.OPEN, detail=name, rule="models.removed", expected=name, actual=name) for name in HOSTILE
    ]
    tests = read_back(document_of(with_checklist(made)))["staging"]
    assert [test.name for test in tests] == [for_terminal(name) for name in HOSTILE]
    assert [test.result[0].text for test in tests] == [for_terminal(name) for name in HOSTILE]


def test_it_is_registered_as_one_file() -> None:
    """`-f junit` writes `junit.xml`."""
    ((name, text),) = FORMATS["junit"].files(Result((), with_checklist(CHECKLIST)))
    assert name == "junit.xml"
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
