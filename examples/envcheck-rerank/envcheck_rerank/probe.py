"""`POST /rerank`: how many documents come back, in which order, and whether that stays the same.

The reply is as Cohere (https://docs.cohere.com/reference/rerank), Jina (https://jina.ai/reranker/) and vLLM
(https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html) have it: `results`, each with `index` and
`relevance_score`, the best one first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from envcheck.plugins.kit import (
    Asking,
    Exchange,
    Facts,
    FailureClass,
    Names,
    Options,
    Probe,
    Redactor,
    Reply,
    ReplyRejected,
    Request,
    Route,
    Rule,
    SafeText,
    Scalar,
    Severity,
    parsed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

QUERY: Final = "Which animal barks?"
DOCUMENTS: Final = ("A cat purrs.", "A dog barks at the postman.", "The tide is out.")

RESULTS: Final = Rule(
    "rerank.results",
    Severity.ERR,
    "another number of documents comes back",
    "production: 3, staging: 1",
    holds="as many documents come back as in {baseline}",
)
BEST: Final = Rule(
    "rerank.best",
    Severity.WARN,
    "another document is the best one",
    "production: 1, staging: 2",
    holds="the best document is the one of {baseline}",
)
STABLE: Final = Rule(
    "rerank.is_stable",
    Severity.WARN,
    "the same question twice gives the same order in one environment, and not in the other",
    "production: true, staging: false",
    holds="the order stays, or not, as in {baseline}",
)
MODEL: Final = Rule(
    "rerank.model_answered",
    Severity.WARN,
    "another model says that it answered",
    "production: rerank-v3.5, staging: rerank-v3.0",
    holds="the same model answers as in {baseline}",
)


class RerankFacts(Facts):
    """What is kept of a reply: numbers, truths and a name that was redacted, and no document."""

    results: int
    best: int | None
    """The place of the best document among those that were sent; None where none came back."""
    is_stable: bool | None
    """Whether a second reply had the same order; None where there was none."""
    model_answered: SafeText | None
    """None where the reply names no model, as Cohere's does not."""


async def _ask(asking: Asking) -> Exchange:
    """Ask the same question twice; whether the probe passes is read off the first reply."""
    body = {"model": asking.model, "query": QUERY, "documents": list(DOCUMENTS), **asking.options.params}
    request = Request(Route("POST", "/rerank"), body)
    first = await asking.send(request)
    if first.fault is not None or first.status != 200:  # noqa: PLR2004 - the one status of success
        return first
    return replace(first, more=(await asking.send(request),))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    order = list(_order(exchange))
    served = parsed(exchange).get("model")
    name = served if isinstance(served, str) else None
    shown = None if name is None else redactor.model_id(name)
    return Reply(
        RerankFacts(
            results=len(order),
            best=order[0] if order else None,
            is_stable=_is_stable(order, exchange.more),
            model_answered=shown,
        ),
        names={} if name is None or shown is None else {"model_answered": Names.of(redactor, [name], [shown])},
    )


def _order(exchange: Exchange) -> Iterator[int]:
    """Yield the places of the documents, the best one first."""
    results = parsed(exchange).get("results")
    for each in results if isinstance(results, list) else [None]:
        place = each.get("index") if isinstance(each, dict) else None
        if not isinstance(place, int) or place not in range(len(DOCUMENTS)):
            raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "JSON, but without the results of a rerank")
        yield place


def _is_stable(order: list[int], more: tuple[Exchange, ...]) -> bool | None:
    try:
        return all(list(_order(each)) == order for each in more) if more else None
    except ReplyRejected:
        return None


RERANK: Final = Probe(
    name="rerank",
    route=Route("POST", "/rerank"),
    facts=RerankFacts,
    fields=(
        Scalar("results", RESULTS),
        Scalar("best", BEST),
        Scalar("is_stable", STABLE),
        Scalar("model_answered", MODEL, may_be_redacted=True),
    ),
    ask=_ask,
    read=_read,
    options=Options,
    requests=lambda _options: 2,
    listed_as="rerank",
    optional=True,
)
