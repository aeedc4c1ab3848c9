"""The JUnit report against the schema that Jenkins published, whatever stands in the checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checklists import HOSTILE, item, items, with_checklist
from hypothesis import given, settings
from lxml import etree

from envcheck.comparison import ItemState
from envcheck.render.junit.suites import document_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Item

pytestmark = pytest.mark.ci_formats


@settings(max_examples=300)
@given(made=items())
def test_every_report_is_valid(schema: etree.XMLSchema, made: Sequence[Item]) -> None:
    """Of any items, with any text, in any state."""
    schema.assertValid(etree.fromstring(document_of(with_checklist(made)).encode()))


@pytest.mark.parametrize("state", ItemState)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_leave_it_valid(schema: etree.XMLSchema, name: str, state: ItemState) -> None:
    """Control characters, markup, bidi overrides and orders to a build's log, in every place for text."""
    made = [item(name, state, None, None, name, expected=name, actual=name), item(name, state, detail=name)]
    schema.assertValid(etree.fromstring(document_of(with_checklist(made)).encode()))


def test_the_schema_refuses_what_is_none(schema: etree.XMLSchema) -> None:
    """So that its silence says something: here an attribute that other writers of such reports have."""
    test = "<testcase name='b'><skipped message='c'/></testcase>"
    assert not schema.validate(etree.fromstring(f"<testsuite name='a' tests='1'>{test}</testsuite>"))
