"""What a list of models says about one of them: each engine has names of its own for it, and most say little.

Prices, descriptions, permissions and the day of creation are left alone: they say nothing of what is served.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from envcheck.model import JsonValue

# Where several are there, the first that can be read counts. vLLM, OpenRouter, Mistral, LiteLLM, Groq.
_CONTEXT: Final = ("max_model_len", "context_length", "max_context_length", "max_input_tokens", "context_window")
_RETIRES: Final = ("shutdown_date", "deprecation", "expiration_date")
_MOST_TOKENS: Final = 10**9
"""No model has as many; a number past this is none of tokens."""
_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2200, 1, 1)
_DAY: Final = len("2026-01-31")


@dataclass(frozen=True, slots=True)
class Listed:
    """What is said of one model, as it was served; None where nothing is."""

    is_listed: bool
    retires_on: date | None = None
    context_length: int | None = None
    output_limit: int | None = None
    owned_by: str | None = None
    root: str | None = None


def listed(entries: Sequence[Mapping[str, JsonValue]], asked: str) -> Listed:
    """Read what the entries say of the model that is asked for."""
    entry = _entry_of(entries, asked)
    if entry is None:
        return Listed(is_listed=False)
    provider = entry.get("top_provider")
    of_provider = provider.get("max_completion_tokens") if isinstance(provider, Mapping) else None
    return Listed(
        is_listed=True,
        retires_on=next(filter(None, map(_day, (entry.get(name) for name in _RETIRES))), None),
        context_length=_first_of_tokens(entry.get(name) for name in _CONTEXT),
        output_limit=_first_of_tokens((entry.get("max_output_tokens"), of_provider)),
        owned_by=_text(entry.get("owned_by")),
        root=_text(entry.get("root")),
    )


def _entry_of(entries: Sequence[Mapping[str, JsonValue]], asked: str) -> Mapping[str, JsonValue] | None:
    """Find a model in a list, which may spell its id with what a request may leave out.

    Google's list has `models/` before each id (https://ai.google.dev/gemini-api/docs/openai), and Ollama's the tag
    `:latest` behind one (https://github.com/ollama/ollama/blob/main/docs/api.md).
    """
    by_id = {entry["id"]: entry for entry in reversed(entries)}
    return next((by_id[name] for name in (asked, f"models/{asked}", f"{asked}:latest") if name in by_id), None)


def _first_of_tokens(values: Iterable[JsonValue]) -> int | None:
    return next(filter(None, map(_tokens, values)), None)


def _tokens(value: JsonValue) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value <= _MOST_TOKENS else None


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and value else None


def _day(value: JsonValue) -> date | None:
    """Read a day from a date, a time or the seconds since 1970; Azure gives a map, by what the model is used for."""
    match value:
        case bool():
            return None
        case str():
            return _sane(_parsed(value))
        case int() | float():
            return _sane(_of_seconds(value))
        case {"inference": str() | int() | float() as inference}:
            return _day(inference)
        case _:
            return None


def _parsed(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:_DAY])
    except ValueError:
        return None


def _of_seconds(seconds: float) -> date | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).date()
    except (ValueError, OverflowError, OSError):  # not a number, or no year that there is
        return None


def _sane(day: date | None) -> date | None:
    return day if day is not None and _FIRST_DAY <= day <= _LAST_DAY else None
