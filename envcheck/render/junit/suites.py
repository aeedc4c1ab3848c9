"""A suite of tests for each environment, and a test for each item of the checklist that is not a person's to tick.

The order of a test's children, and which attributes there are, is that of the schema that Jenkins published (dtkit's
junit-4.xsd, by Thales): `skipped` has no attribute there, and a test has no properties. So an accepted difference is a
test that passes, whose `system-out` says that it is accepted. What XML 1.0 cannot hold, such as a control character, is
not printable, and so `for_terminal` leaves none of it; ElementTree would write it as it is, for no reader to parse.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from envcheck.comparison import ItemState
from envcheck.render.escape import for_terminal
from envcheck.render.words import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from envcheck.comparison import Comparison, Item, Scalar

OF_THE_WHOLE: Final = "(the rollout as a whole)"
"""The suite of what is about no single environment; none can have this name."""
_OF_NO_PROBE: Final = "envcheck"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def document_of(comparison: Comparison) -> str:
    """Give the document; one without a suite where there is nothing on the checklist."""
    items = [item for item in comparison.checklist if item.state is not ItemState.MANUAL]
    root = ET.Element("testsuites", {"name": "envcheck", **_totals(items)})
    ambiguous = {name for name, times in Counter(map(_test_of, items)).items() if times > 1}
    for name, of_one in _suites(comparison.environments, items).items():
        root.append(_suite(name or OF_THE_WHOLE, of_one, comparison.generated_at, ambiguous))
    ET.indent(root)
    return f"{_HEAD}{ET.tostring(root, encoding='unicode')}\n"


def _suites(environments: Iterable[str], items: Iterable[Item]) -> Mapping[str | None, list[Item]]:
    """Give the items of each environment that has any, in the comparison's order; those of none at the end."""
    suites: dict[str | None, list[Item]] = {name: [] for name in (*environments, None)}
    for item in items:
        suites.setdefault(item.environment, []).append(item)
    return {name: of_one for name, of_one in suites.items() if of_one}


def _suite(name: str, items: Sequence[Item], when: datetime, ambiguous: set[tuple[str, str]]) -> ET.Element:
    skipped = str(sum(item.state is ItemState.UNKNOWN for item in items))
    # Without an offset, which the schemas that look at it do not know.
    timestamp = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ET.Element(
        "testsuite", {"name": for_terminal(name), **_totals(items), "skipped": skipped, "timestamp": timestamp}
    )
    for item in items:
        suite.append(_test(item, is_ambiguous=_test_of(item) in ambiguous))
    return suite


def _totals(items: Sequence[Item]) -> dict[str, str]:
    return {
        "tests": str(len(items)),
        "failures": str(sum(item.state is ItemState.OPEN for item in items)),
        "errors": "0",
        "time": _seconds(sum(item.seconds or 0.0 for item in items)),
    }


def _test_of(item: Item) -> tuple[str, str]:
    """Give what GitLab tells tests of one job apart by: their class and their name, and not their suite.

    Of two alike it takes the first alone: https://docs.gitlab.com/ci/testing/unit_test_reports#file-requirements
    """
    return item.probe or _OF_NO_PROBE, for_terminal(item.title)


def _test(item: Item, *, is_ambiguous: bool) -> ET.Element:
    classname, name = _test_of(item)
    if is_ambiguous and item.environment is not None:
        name = f"{name} ({item.environment})"
    test = ET.Element("testcase", {"classname": classname, "name": name, "time": _seconds(item.seconds or 0.0)})
    detail = for_terminal(item.detail or "")
    match item.state:
        case ItemState.OPEN:
            _child(test, "failure", detail, type=item.rule or _OF_NO_PROBE, message=_message(item))
        case ItemState.UNKNOWN:
            _child(test, "skipped", f"could not tell: {detail}".removesuffix(": "))
        case ItemState.ACCEPTED:
            _child(test, "system-out", f"accepted: {detail}".removesuffix(": "))
        case _:
            pass
    return test


def _child(test: ET.Element, tag: str, text: str, **attributes: str) -> None:
    child = ET.SubElement(test, tag, attributes)
    child.text = text


def _message(item: Item) -> str:
    """Say in one line what is wrong: many a CI shows no more than this."""
    said = [f"expected {_word(item.expected)}" if item.expected is not None else ""]
    said += [f"actual {_word(item.actual)}" if item.actual is not None else ""]
    what = ", ".join(filter(None, said)) or for_terminal(item.detail or item.title)
    return what if item.rule is None else f"{item.rule}: {what}"


def _word(value: Scalar) -> str:
    return for_terminal(value_in_words(value))


def _seconds(value: float) -> str:
    return f"{value:.3f}"
