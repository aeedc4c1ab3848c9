"""What the probes of chat completions have in common: their body, finish reasons, who answers, what was generated."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from envcheck.judge.names import Names
from envcheck.redact import MARKER, Redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.model import JsonValue
    from envcheck.probes.base import Asking
    from envcheck.redact import Redactor

NO_REASON: Final = Redacted("null")
OTHER_REASON: Final = Redacted("other")
"""What is no word, or must not be shown. Two of them are told apart in memory."""
_OPENAI_REASONS: Final = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
"""What records of 0.1.0 show too, where every other word is `other`."""
ALWAYS_SHOWN: Final = _OPENAI_REASONS | {NO_REASON}
_KNOWN_REASONS: Final = _OPENAI_REASONS | frozenset({
    "end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal", "pause_turn",  # Anthropic
    "eos_token", "eos", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION",  # TGI, Together, Google
    "COMPLETE", "insufficient_system_resource", "abort", "error", "model_length",  # Cohere, DeepSeek, vLLM
})  # fmt: skip
_LONGEST_REASON: Final = 40

# A probe's reply is a word or a few lines; of a flood of them this much is read and held against the names beside it.
# Where there is more, no name that could be a part of it is shown.
_TEXTS_HELD: Final = 128
_CHARACTERS_HELD: Final = 32_000
_MEMBERS_SEEN: Final = 20_000
LONG_TEXT: Final = 16
"""Characters from which a string beside the content is held to be generated: roles, reasons and types have fewer."""


def completion_body(asking: Asking, prompt: str) -> dict[str, JsonValue]:
    """Give the body of a small completion in one piece; what the user says of it goes before what we do."""
    return {
        "model": asking.model,
        "messages": [{"role": "user", "content": prompt}],
        "stream": False,
        **asking.options.params,
    }


def finish_reason(served: str | None, knowing: Redactor | None) -> Redacted:
    """Give the word that was served, where it is one; other vendors have words of their own.

    `knowing` knows the reply's text too; it is None where not all of that is known.
    """
    if served is None:
        return NO_REASON
    if served in _KNOWN_REASONS:
        return Redacted(served)
    word = knowing.identifier(served) if knowing is not None and len(served) <= _LONGEST_REASON else None
    return OTHER_REASON if word is None else word


def model_answered(answered: str | None, asked: str, redactor: Redactor, knowing: Redactor | None) -> Redacted | None:
    """Give the model that says it answered.

    A model may well name itself in its reply; that must not take its id away, so the part of the id that was asked
    for is not held against the reply, and the rest, such as a date, is. Where not all of the reply is known (no
    `knowing`), any rest may be a part of it.
    """
    if not answered:
        return None
    rest = answered.replace(asked, "", 1)
    if knowing is None:
        return redactor.own(MARKER) if rest else redactor.model_id(answered)
    return redactor.model_id(answered) if knowing.model_id(rest) == rest else knowing.model_id(answered)


def one_name(redactor: Redactor, raw: str | None, shown: Redacted | None) -> Names:
    """Take note of a fact that is one name, and may be none."""
    return Names.of(redactor, [raw or ""], [shown or Redacted("")])


def is_held(texts: Sequence[str]) -> bool:
    """Tell whether texts are few and short enough for names to be held against all of them."""
    return len(texts) <= _TEXTS_HELD and sum(map(len, texts)) <= _CHARACTERS_HELD


def long_texts(choices: Sequence[JsonValue]) -> tuple[list[str], bool]:
    """Find text wherever a gateway puts it (reasoning, refusals, parts, arguments); tell whether all was looked at."""
    texts: list[str] = []
    pending: deque[JsonValue] = deque(choices)
    for _ in range(_MEMBERS_SEEN):
        if not pending:
            break
        member = pending.popleft()
        if isinstance(member, str):
            texts += [member] if len(member) >= LONG_TEXT else []
        elif isinstance(member, Mapping):
            pending.extend(member.values())
        elif isinstance(member, list):
            pending.extend(member)
    return texts, not pending
