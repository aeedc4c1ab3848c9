"""What a probe reads of a reply can be tested without a server."""

from __future__ import annotations

import json

import pytest

from envcheck.plugins.kit import Exchange, Redactor, ReplyRejected, Request, Route
from envcheck_rerank.probe import RERANK, RerankFacts


def served(document: object, *more: object) -> Exchange:
    """Give an exchange with this reply, and with further ones of the same question."""
    request = Request(Route("POST", "/rerank"))
    others = tuple(Exchange(request, status=200, body=json.dumps(each).encode()) for each in more)
    return Exchange(request, status=200, body=json.dumps(document).encode(), more=others)


def ranked(*places: int) -> dict[str, object]:
    """Give a reply with these documents, the best one first."""
    return {"model": "rerank-v3.5", "results": [{"index": place, "relevance_score": 0.5} for place in places]}


def test_the_order_and_whether_it_stays_are_read() -> None:
    """The best one is the first, and a second reply says whether that is so again."""
    reply = RERANK.read(served(ranked(1, 0, 2), ranked(1, 2, 0)), Redactor())
    assert reply.facts == RerankFacts(results=3, best=1, is_stable=False, model_answered="rerank-v3.5")


@pytest.mark.parametrize("document", [{}, {"results": {}}, {"results": [{"index": 7}]}, {"results": ["1"]}])
def test_what_is_no_rerank_is_rejected(document: object) -> None:
    """By words that quote nothing of it."""
    with pytest.raises(ReplyRejected, match="without the results of a rerank"):
        RERANK.read(served(document), Redactor())
