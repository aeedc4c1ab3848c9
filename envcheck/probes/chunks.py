"""What the chunks of a streamed completion come to, put together one by one; raw, and it stays in the process."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from envcheck.probes.completion import LONG_TEXT, is_held
from envcheck.probes.shape import key_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.model import JsonValue

_CHOICES_READ: Final = 128
_MEMBERS_SEEN: Final = 1_000_000
"""Over all chunks; a stream of 100,000 small ones has about as many."""
_PLACES_HELD: Final = 1_000
_SHAPES_SEEN: Final = 64
"""Real streams have a handful: the first chunk, those with content, the last one, the one with usage."""

# The names of members and what they are in, but no value. Possessive, for a string may have millions of characters.
_SHAPE: Final = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+"\s*+:|[][{}]++)|"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_OBFUSCATION: Final = "obfuscation"
"""OpenAI pads its chunks with this member, so that their lengths say nothing of what is in them."""
_DELTA: Final = "choices[].delta."
_REASONING: Final = re.compile("reasoning|think|thought", re.IGNORECASE)


class ReasoningField(StrEnum):
    """Where the model's reasoning stands in a delta."""

    NONE = "none"
    REASONING_CONTENT = "reasoning_content"
    REASONING = "reasoning"
    OTHER = "other"


class StreamUsage(StrEnum):
    """Where the usage that was asked for stands."""

    NONE = "none"
    SEPARATE = "separate"
    """In a chunk of its own, without choices."""
    IN_CHOICE = "in_choice"
    """In a chunk with a choice, or in the choice itself."""
    EVERY_CHUNK = "every_chunk"
    REFUSED = "refused"
    """To ask for it is an error."""


@dataclass(slots=True)
class Chunks:
    """The chunks so far. Only the first choice is looked at, but for what was generated."""

    model: str | None = None
    finish_reason: str | None = None
    has_choices: bool = False
    content: bool | None = None
    """Whether there was any; None where not even an empty one came."""
    tool_calls: bool = False
    reasoning: set[ReasoningField] = field(default_factory=set)
    content_ends: list[int] = field(default_factory=list)
    """Where in the body each event ended that brought content, reasoning or a part of a tool call."""
    paths: set[str] = field(default_factory=set)
    """The key paths of all chunks, without what pads them and what `reasoning` says."""
    more_paths: bool = False
    """Whether there were others."""
    _usage_alone: bool = False
    _usages: int = 0
    """Chunks with a choice and a usage."""
    _shapes: set[str] = field(default_factory=set)
    _texts: dict[tuple[str | int, ...], list[str]] = field(default_factory=dict)
    _members_left: int = _MEMBERS_SEEN
    _overflowed: bool = False

    def add(self, chunk: Mapping[str, JsonValue], text: str, ends_at: int) -> None:
        """Take a chunk, with the text that it was parsed from and where in the body its event ended."""
        self._add_shape(chunk, text)
        if isinstance(model := chunk.get("model"), str):
            self.model = self.model or model
        served = chunk.get("choices")
        choices = served if isinstance(served, list) else []
        self._add_usage(chunk, choices[:_CHOICES_READ])
        self.has_choices = self.has_choices or bool(choices)
        self._overflowed = self._overflowed or len(choices) > _CHOICES_READ
        self._collect((), choices[:_CHOICES_READ])
        first = next((each for each in choices if isinstance(each, dict) and _index_of(each, 0) == 0), None)
        if first is not None and self._add_choice(first):
            self.content_ends.append(ends_at)

    @property
    def usage(self) -> StreamUsage:
        """Where the usage stood."""
        if self._usages > 1:
            return StreamUsage.EVERY_CHUNK
        if self._usage_alone:
            return StreamUsage.SEPARATE
        return StreamUsage.IN_CHOICE if self._usages else StreamUsage.NONE

    @property
    def reasoning_field(self) -> ReasoningField:
        """Where the reasoning stood; where it stood twice, the better known place."""
        return next((each for each in ReasoningField if each in self.reasoning), ReasoningField.NONE)

    def generated(self) -> tuple[list[str], bool]:
        """Return what a model may have written, and whether that is all of it and little enough to be held.

        The pieces of each place are put together: a single one is a syllable, and no secret.
        """
        texts = list(dict.fromkeys(self._wholes()))
        return texts, not self._overflowed and is_held(texts)

    def _wholes(self) -> Iterator[str]:
        for place, pieces in self._texts.items():
            # What is the same in every chunk, such as a role, is one word and not a long one.
            whole = pieces[0] if len(set(pieces)) == 1 and place[-1] != "content" else "".join(pieces)
            if len(whole) >= LONG_TEXT or place[-1] == "content":
                yield whole

    def _add_choice(self, choice: Mapping[str, JsonValue]) -> bool:
        """Take the first choice of a chunk; tell whether it brought content."""
        if isinstance(reason := choice.get("finish_reason"), str) and reason:
            self.finish_reason = reason
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            return False
        content = delta.get("content")
        if content is not None:
            self.content = self.content or bool(content)
        reasoning = {_field_of(name) for name, value in delta.items() if value and _REASONING.search(name)}
        self.reasoning |= reasoning
        calls = delta.get("tool_calls")
        self.tool_calls = self.tool_calls or bool(calls)
        return bool(content or reasoning or calls)

    def _add_usage(self, chunk: Mapping[str, JsonValue], choices: Sequence[JsonValue]) -> None:
        if not any(_has_usage(each) for each in (chunk, *choices)):
            return
        if choices:
            self._usages += 1
        else:
            self._usage_alone = True

    def _add_shape(self, chunk: Mapping[str, JsonValue], text: str) -> None:
        """Walk through a chunk where none before it had the same members in the same places."""
        shape = "".join(_SHAPE.findall(text))
        if shape in self._shapes:
            return
        if len(self._shapes) >= _SHAPES_SEEN:
            self.more_paths = True
            return
        self._shapes.add(shape)
        paths, more = key_paths(chunk)
        self.paths.update(path for path in paths if not _is_told_elsewhere(path))
        self.more_paths = self.more_paths or more

    def _collect(self, place: tuple[str | int, ...], value: JsonValue) -> None:
        """Put every string below a place beside those that came there before."""
        pending = [(place, value)]
        while pending:
            if self._members_left <= 0:
                self._overflowed = True
                return
            self._members_left -= 1
            here, member = pending.pop()
            if isinstance(member, str):
                self._hold(here, member)
            elif isinstance(member, dict):
                pending.extend(((*here, name), each) for name, each in member.items())
            elif isinstance(member, list):
                pending.extend(((*here, _index_of(each, number)), each) for number, each in enumerate(member))

    def _hold(self, place: tuple[str | int, ...], text: str) -> None:
        if place in self._texts:
            self._texts[place].append(text)
        elif len(self._texts) < _PLACES_HELD:
            self._texts[place] = [text]
        else:
            self._overflowed = True


def _index_of(member: JsonValue, number: int) -> int:
    """Give the place of a choice, or of a tool call, in its list: a chunk may hold the third one alone."""
    index = member.get("index") if isinstance(member, dict) else None
    return index if isinstance(index, int) else number


def _has_usage(member: JsonValue) -> bool:
    usage = member.get("usage") if isinstance(member, dict) else None
    return isinstance(usage, dict) and bool(usage)


def _field_of(name: str) -> ReasoningField:
    known = (ReasoningField.REASONING_CONTENT, ReasoningField.REASONING)
    return next((each for each in known if each == name), ReasoningField.OTHER)


def _is_told_elsewhere(path: str) -> bool:
    """Tell whether a path is of what pads a chunk, or of reasoning, which has a fact of its own."""
    if _OBFUSCATION in path.replace("[]", "").split("."):
        return True
    return path.startswith(_DELTA) and bool(_REASONING.search(path.removeprefix(_DELTA).partition(".")[0]))
