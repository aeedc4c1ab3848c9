"""What is taken out of the error bodies of real gateways; a body is added in `error_bodies`, and nothing else."""

from __future__ import annotations

from collections import Counter

import pytest
from error_bodies import SENT, Sent

from envcheck.seam.classify import failure_class
from envcheck.seam.error_body import error_body

every_body = pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.name)


@every_body
def test_the_words_that_help_are_taken(sent: Sent) -> None:
    """Each gateway's message, type and code come out, wherever it puts them."""
    taken = error_body(sent.body.encode(), sent.content_type)
    assert [part for part in sent.shows if not any(part in message for message in taken.messages)] == []
    assert bool(taken.messages) == bool(sent.shows)
    assert tuple(word for word in (taken.code, taken.kind) if word is not None) == sent.words


@every_body
def test_nothing_else_is_taken(sent: Sent) -> None:
    """Inputs, metadata, request ids and what surrounds a page's heading stay where they are."""
    taken = error_body(sent.body.encode(), sent.content_type)
    assert all(part in sent.body for part in sent.hides)
    everything = " ".join((*taken.messages, taken.code or "", taken.kind or ""))
    assert [part for part in sent.hides if part in everything] == []


@every_body
def test_the_failure_has_its_class(sent: Sent) -> None:
    """Above all, a model that a gateway does not know is told from a route that is not there."""
    assert failure_class(sent.exchange) == sent.failure


def test_each_body_has_a_name_of_its_own() -> None:
    """A body that was written down twice is one of which nobody knows which one counts."""
    assert [name for name, times in Counter(sent.name for sent in SENT).items() if times > 1] == []
