"""A chat completion as a probe reads it: its choices, and what was generated in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from envcheck.errors import ReplyRejected
from envcheck.judge.scalar import Scalar
from envcheck.model import FailureClass
from envcheck.probes.completion import ALWAYS_SHOWN, OTHER_REASON
from envcheck.probes.generated import Generated, generated_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from envcheck.model import JsonValue
    from envcheck.rules import Rule

_CHOICES_HELD: Final = 128
"""As many as the API can be asked for; of more, those past them are not read."""


class Message(BaseModel):
    """What a model answered."""

    # Content is a string, null, or a list of parts on some engines.
    content: str | list[object] | None = None
    tool_calls: list[object] | None = None


class Choice(BaseModel):
    """One of the answers."""

    message: Message
    finish_reason: str | None = None


class Completion(BaseModel):
    """A completion, as far as it is looked at. Holds what was generated."""

    model_config = ConfigDict(strict=True)
    model: str | None = None
    choices: list[Choice] = Field(min_length=1)
    """As many as are read at most."""
    usage: dict[str, object] | None = None


def completion_in(document: Mapping[str, JsonValue]) -> Completion:
    """Read a completion.

    Raises:
        ReplyRejected: the document is none.

    """
    held = choices_in(document)[:_CHOICES_HELD]
    try:
        return Completion.model_validate(
            {"model": document.get("model"), "usage": document.get("usage"), "choices": held}
        )
    except ValidationError:
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "JSON, but not a chat completion") from None


def choices_in(document: Mapping[str, JsonValue]) -> list[JsonValue]:
    """Give all choices as they were served."""
    served = document.get("choices")
    return served if isinstance(served, list) else []


def generated_by(completion: Completion, choices: list[JsonValue], surely: Iterable[str] = ()) -> Generated:
    """Find what a model may have written in a completion, beside what is `surely` such."""
    contents = [text for choice in completion.choices if isinstance(text := choice.message.content, str)]
    generated = generated_in(choices, [*contents, *surely])
    return Generated(generated.texts, generated.is_all and len(choices) <= _CHOICES_HELD)


def finish_reason_by(rule: Rule, *, comparable_when_same: str | None = None) -> Scalar:
    """Give the field that a finish reason is judged by."""
    return Scalar(
        "finish_reason",
        rule,
        comparable_when_same=comparable_when_same,
        may_be_redacted=True,
        stands_for_others=OTHER_REASON,
        always_shown=ALWAYS_SHOWN,
    )
