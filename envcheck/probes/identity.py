"""Many small closed questions at temperature 1, whose answers are counted: whether a name stands for the same model.

The source of the design: Gao, Liang, Guestrin, "Model Equality Testing: Which Model Is This API Serving?" (2024).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from string import ascii_lowercase
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import anyio
from pydantic import AfterValidator
from pydantic import Field as Member

from envcheck.errors import ReplyRejected
from envcheck.judge.tally import OTHER, Tally
from envcheck.model import PASSING_CAUSES, FailureClass, Request
from envcheck.probes.base import CHAT_COMPLETIONS, Facts, Options, Probe, Reply
from envcheck.probes.completion import completion_body
from envcheck.probes.json_reply import parsed
from envcheck.record import Count, FailureName, WordOfOurs, failure_name
from envcheck.redact import SafeText
from envcheck.rules import Rule, Severity
from envcheck.seam.classify import failure_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.model import Exchange, JsonValue
    from envcheck.probes.base import Asking
    from envcheck.redact import Redactor

REQUESTS: Final = 60
IN_FLIGHT: Final = 8

DIFFERS: Final = Rule(
    "identity.differs",
    Severity.WARN,
    "the same closed questions are answered in other proportions: by another model, quantisation, system prompt,"
    " sampling default, or a cache; which of these it is cannot be told",
    "production and staging serve the same name, and staging draws 7 far more often",
    holds="closed questions are answered as in {baseline}",
)
UNDECIDED: Final = Rule(
    "identity.undecided",
    Severity.INFO,
    "on both sides most answers are none of those that were asked for, so that they cannot be held together",
    "staging answers each question with a sentence, as production does",
)


class Question(NamedTuple):
    """A question with a closed list of answers."""

    name: str
    prompt: str
    answers: frozenset[str]
    """In lower case."""


_COLOURS: Final = ("red", "orange", "yellow", "green", "blue", "purple", "black", "white")
QUESTIONS: Final = (
    Question(
        "number",
        "Pick one whole number from 1 to 20 at random. Reply with the number alone.",
        frozenset(map(str, range(1, 21))),
    ),
    Question(
        "letter", "Pick one letter from A to Z at random. Reply with the letter alone.", frozenset(ascii_lowercase)
    ),
    Question(
        "colour",
        f"Pick one of these colours at random: {', '.join(_COLOURS)}. Reply with the colour alone.",
        frozenset(_COLOURS),
    ),
)
_BY_PROMPT: Final = {question.prompt: question for question in QUESTIONS}
_WORDS: Final = frozenset(f"{each.name}.{answer}" for each in QUESTIONS for answer in (*each.answers, OTHER))
_AROUND_AN_ANSWER: Final = " \t\r\n.!*_`'\""
_LONGEST_REPLY: Final = 64 * 1024
"""Bytes of a reply that is kept until it is read, for many wait at once; an answer of one word is in far less."""
_CHARACTERS_HELD: Final = 32_000
_IN_A_ROW: Final = 3


def _only_ours(counts: Mapping[str, int]) -> Mapping[str, int]:
    if not _WORDS.issuperset(counts):
        raise ValueError("there is an answer that is in no question's list")
    return counts


class IdentityFacts(Facts):
    """How often each answer was given. Nothing that was generated is in it, only counts of words of ours."""

    model: SafeText
    """The model that was asked for."""
    asked: Count
    """How many requests were sent; those that failed have no answer."""
    answers: Annotated[Mapping[WordOfOurs, Count], AfterValidator(_only_ours)]
    """By `question.answer`, such as `number.17`; `other` for all that is not in the question's list."""


class IdentityOptions(Options):
    """What `[....probe.identity]` may say."""

    requests: int = Member(default=REQUESTS, ge=12, le=3000, description="How many questions are asked.")


def _requests(options: Options) -> int:
    return options.requests if isinstance(options, IdentityOptions) else REQUESTS


async def _ask(asking: Asking) -> Exchange:
    """Ask all questions in turn, a few at a time, until they are answered or it is no use going on."""
    planned = _requests(asking.options)
    questions = iter([QUESTIONS[number % len(QUESTIONS)] for number in range(planned)])
    answered: list[Exchange] = []
    failed: list[Exchange] = []
    in_a_row = 0

    async def ask_on() -> None:
        nonlocal in_a_row
        for question in questions:
            exchange = await asking.send(Request(CHAT_COMPLETIONS, _body(asking, question)))
            failure = failure_class(exchange)
            (answered if failure is None else failed).append(_kept(exchange))
            in_a_row = 0 if failure is None else in_a_row + 1
            if in_a_row >= _IN_A_ROW or (failure is not None and failure not in PASSING_CAUSES):
                tuple(questions)  # nobody asks any further
                return

    async with anyio.create_task_group() as group:
        for _ in range(min(IN_FLIGHT, planned)):
            group.start_soon(ask_on)
    # With less than half of the answers the probe has failed, and the first failure says why.
    all_of_them = [*answered, *failed] if 2 * len(answered) >= planned else [*failed, *answered]
    first, *more = all_of_them
    return replace(first, more=tuple(more))


def _body(asking: Asking, question: Question) -> dict[str, JsonValue]:
    return {**completion_body(asking, question.prompt), "temperature": 1}


def _kept(exchange: Exchange) -> Exchange:
    return replace(exchange, arrivals=(), body=exchange.body[:_LONGEST_REPLY])


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    """Count the answers, and what failed, or is no completion, by its class."""
    exchanges = [exchange, *exchange.more]
    counts: Counter[str] = Counter()
    failed: Counter[FailureName] = Counter()
    strange: list[str] = []
    rejected: ReplyRejected | None = None
    for each in exchanges:
        if (failure := failure_class(each)) is not None:
            failed[failure_name(failure, each.status)] += 1
            continue
        try:
            text = _content(each)
        except ReplyRejected as error:
            rejected = rejected or error
            failed[failure_name(error.failure_class, error.status or each.status)] += 1
            continue
        question = _question_of(each)
        answer = text.strip(_AROUND_AN_ANSWER).casefold()
        is_listed = answer in question.answers
        counts[f"{question.name}.{answer if is_listed else OTHER}"] += 1
        strange += [] if is_listed or not text else [text]
    if rejected is not None and 2 * counts.total() < len(exchanges):
        raise rejected
    asked = exchange.request.asked_model or ""
    facts = IdentityFacts(model=redactor.model_id(asked), asked=len(exchanges), answers=dict(sorted(counts.items())))
    return Reply(facts, failed=failed, tried=len(exchanges), generated=tuple(_held(strange)))


def _content(exchange: Exchange) -> str:
    """Give what was answered; empty where it is no text.

    Raises:
        ReplyRejected: the reply is no completion.

    """
    match parsed(exchange).get("choices"):
        case [{"message": Mapping() as message}, *_]:
            content = message.get("content")
            return content if isinstance(content, str) else ""
        case _:
            raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "JSON, but not a chat completion")


def _question_of(exchange: Exchange) -> Question:
    match exchange.request.body:
        case {"messages": [{"content": str(prompt)}]}:
            return _BY_PROMPT[prompt]
        case _:
            raise ValueError("this is no question of ours")


def _held(texts: list[str]) -> Iterator[str]:
    """Give as many of the texts as can be held against what is shown."""
    room = _CHARACTERS_HELD
    for text in dict.fromkeys(texts):
        room -= len(text)
        if room < 0:
            return
        yield text


IDENTITY: Final = Probe(
    name="identity",
    route=CHAT_COMPLETIONS,
    facts=IdentityFacts,
    fields=(Tally("answers", DIFFERS, UNDECIDED, comparable_when_same="model"),),
    ask=_ask,
    read=_read,
    options=IdentityOptions,
    optional=True,
    requests=_requests,
    in_flight=IN_FLIGHT,
)
