"""The one maker of `Redacted` text: the rules in their order, and the ways in which the house asks for them."""

from __future__ import annotations

import re
import secrets as randomness
from hashlib import blake2b
from itertools import accumulate
from typing import TYPE_CHECKING, Annotated, Final, LiteralString, NewType

from pydantic import AfterValidator, SecretStr, ValidationInfo

from envcheck.errors import LeakError
from envcheck.redact import opaque, patterns
from envcheck.redact.address import address
from envcheck.redact.known import Known
from envcheck.redact.normal import MARK, MARKER, normalised, taken_out, unfolds_to, visible
from envcheck.redact.secret import Secret, SecretKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from enum import StrEnum

Redacted = NewType("Redacted", str)
"""Text that is safe to share. Only `Redactor` makes it, so mypy refuses anything else in evidence."""

MAX_TEXT: Final = 300
MAX_ID: Final = 200
MAX_LOADED: Final = 4000
MAX_ODD: Final = 5000  # odd names of one list that are read in every way; the rest of them is taken out unread
USUAL_ID: Final = 64  # characters of an odd name: so many of all of them are read, times `MAX_ODD`
_LONGEST_RAW: Final = 4 * MAX_ID  # of a name, however it is escaped
_WINDOW: Final = 212  # characters past the limit that are looked at too: what is taken out makes room for what follows
_CUT: Final = " ..."
_TAIL: Final = 64  # dropped before a cut, for a secret that was cut there can no longer be told
_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./:-]{0,79}|[0-9]{1,6}")
_KEY: Final = r"[A-Za-z_][A-Za-z0-9_-]{0,63}(?:\[\]){0,8}"
_KEY_PATH: Final = re.compile(rf"{_KEY}(?:\.{_KEY}){{0,31}}")
# No name has blanks in it or is in a script without letters; what has is held against prompts and the like as well.
_SENTENCE: Final = re.compile(r"\s|[^\x00-\x7f]|\+[^+]+\+")


def _cleaned_when_loaded(text: Redacted, info: ValidationInfo) -> Redacted:
    return info.context.loaded(text) if isinstance(info.context, Redactor) else text


SafeText = Annotated[Redacted, AfterValidator(_cleaned_when_loaded)]
"""`Redacted` as a field of a model: taken as it is in the process, redacted anew from a file, which anyone may make."""


class Redactor:
    """Makes text safe to share; every method takes what a stranger wrote and gives what may be shown.

    Redacting what was redacted changes nothing. `Redactor()` knows no secret and still denies what looks like one.
    """

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._known: tuple[Known, ...] = (Known(dict.fromkeys(secrets)),)
        self._salt = randomness.token_bytes(32)
        self._seen: dict[str, Redacted] = {}
        self.withholds = False
        """Whether nothing a server wrote in words may be shown."""

    def for_server(self, *, shows_text: bool) -> Redactor:
        """Return the view for one environment: the same knowledge, and whether its server's words are shown."""
        return self._view(withholds=not shows_text)

    def also(self, *generated: str) -> Redactor:
        """Return a view that knows these texts too, which a model wrote."""
        learnt = Known(Secret(SecretKind.GENERATED, SecretStr(text)) for text in generated)
        return self._view(learnt, withholds=self.withholds)

    def own(self, words: LiteralString | StrEnum) -> Redacted:
        """Pass on words of our own."""
        return Redacted(str(words))

    def text(self, raw: str, limit: int = MAX_TEXT) -> Redacted | None:
        """Redact a server's sentence; None when nothing of it may be shown, or nothing of it is left."""
        if self.withholds:
            return None
        shown = self._shown(raw, limit, in_sentence=True)
        return shown if shown.replace(MARKER, "").strip(" .,:;()'\"") else None

    def preview(self, words: Sequence[str], messages: Sequence[str]) -> Redacted | None:
        """Redact an error reply's code and type, and its sentences, as one text; the former outlive the latter."""
        labels = [label for label in map(self.identifier, dict.fromkeys(words)) if label is not None]
        kept = [message for message in messages if self.text(message) is not None]
        return self.text(": ".join((*labels, *kept))) or self.text(": ".join(labels))

    def identifier(self, raw: str) -> Redacted | None:
        """Pass on an error's type or code; None when it is no identifier, or one that gives something away."""
        return None if self.withholds else self._unchanged(raw, _IDENTIFIER)

    def key_path(self, raw: str) -> Redacted | None:
        """Pass on the path of a JSON key; None when any part of it is odd or gives something away."""
        return self._unchanged(raw, _KEY_PATH)

    def key_paths(self, raw: Sequence[str]) -> list[Redacted]:
        """Pass on those of the paths of JSON keys that give nothing away."""
        return [path for path in map(self.key_path, raw) if path is not None]

    def model_id(self, raw: str) -> Redacted:
        """Redact one model id; shown even where a server's sentences are withheld."""
        if raw not in self._seen:
            if len(self._seen) >= 10 * MAX_ODD:
                self._seen.clear()
            self._seen[raw] = Redacted(MARKER) if _is_overlong(raw) else self._marked(raw, self._name(raw, MAX_ID))
        return self._seen[raw]

    def model_ids(self, raw: Sequence[str]) -> list[Redacted]:
        """Redact a list of model ids, in order. Ordinary ones cost next to nothing."""
        odd = [name for name in raw if not opaque.is_ordinary(name)]
        # What a list costs depends on its letters, and long names are a hostile list's.
        read_until = accumulate(min(len(name), _LONGEST_RAW) for name in odd)
        read = {name for name, end in zip(odd[:MAX_ODD], read_until, strict=False) if end <= MAX_ODD * USUAL_ID}
        unread = set(odd) - read
        return [Redacted(MARKER) if name in unread else self.model_id(name) for name in raw]

    def url(self, raw: str) -> Redacted:
        """Keep scheme, host, port and path segments of an address, where they give nothing away."""
        return self._shown(address(normalised(raw)).replace(MARK, MARKER), MAX_TEXT)

    def loaded(self, text: str) -> Redacted:
        """Redact text from a saved file. What any other method gave comes back as it is."""
        return self._name(text, MAX_LOADED)

    def scrub(self, text: str) -> str:
        """Redact text of our own that may quote secrets, such as a traceback, and keep its lines and escapes."""
        whole = "\n".join(map(visible, text.replace(MARKER, MARK).split("\n")))
        whole = taken_out(whole, [span for known in self._known for span in known.spans(whole, in_sentence=True)])
        lines = taken_out(whole, patterns.spans(whole, in_sentence=False)).split("\n")
        return "\n".join(MARK if self._holds(line) else line for line in lines).replace(MARK, MARKER)

    def token(self, raw: str) -> str:
        """Return 16 hex digits by which two raw names are told apart within one run, and by nobody else."""
        return blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=8, key=self._salt).hexdigest()

    def check(self, artifact: str) -> None:
        """Refuse an artifact that holds a known key or credential, plain or in a common encoding.

        Raises:
            LeakError: one was found; the message says nothing about which.

        """
        if self.holds_key(artifact):
            raise LeakError(
                "a known key was found in what was about to be written, so none of it was written; this is a fault of"
                " envcheck: please report it, without the key"
            )

    def holds_key(self, text: str) -> bool:
        """Tell whether a text holds a key or a credential whole, so that `check` refuses it."""
        return self._known[0].tripwire.found_in(text)

    def holds_secret(self, text: str) -> bool:
        """Tell whether one text that a server wrote holds a known secret of any kind, or what `check` refuses."""
        return self.holds_key(text) or (not self._is_ordinary(text) and self._holds(text))

    def _view(self, *more: Known, withholds: bool) -> Redactor:
        view = Redactor()
        view._known, view._salt, view.withholds = (*self._known, *more), self._salt, withholds
        view._seen = {} if more else self._seen
        return view

    def _is_ordinary(self, name: str) -> bool:
        is_shapeless = opaque.is_ordinary(name) and not patterns.PROVIDER_KEY.search(name)
        return is_shapeless and not any(known.touches(name) for known in self._known)

    def _name(self, raw: str, limit: int) -> Redacted:
        return Redacted(raw) if self._is_ordinary(raw) and len(raw) <= limit else self._shown(raw, limit)

    def _marked(self, raw: str, shown: Redacted) -> Redacted:
        """Show by a marker that a name was changed, though nothing was taken out: a saved name must not pass for it."""
        if shown == raw or MARKER in shown:
            return shown
        return self._shown(f"{shown.removesuffix(_CUT)[: MAX_ID - len(MARKER)]}{MARKER}", MAX_ID)

    def _unchanged(self, raw: str, shape: re.Pattern[str]) -> Redacted | None:
        return Redacted(raw) if shape.fullmatch(raw) and self._name(raw, MAX_LOADED) == raw else None

    def _holds(self, raw: str) -> bool:
        text = normalised(raw)
        return any(known.gives_away(text, in_sentence=bool(_SENTENCE.search(text))) for known in self._known)

    def _shown(self, raw: str, limit: int, *, in_sentence: bool = False) -> Redacted:
        """Apply the rules until they leave the text alone, and cut it after that. What does not settle is not shown."""
        text = raw
        for _ in range(6):
            redacted = _cut(self._once(text, limit, in_sentence=in_sentence), limit)
            if redacted == text:
                return Redacted(text)
            text = redacted
        return Redacted(MARKER)

    def _once(self, raw: str, limit: int, *, in_sentence: bool) -> str:
        room = limit + _WINDOW
        whole = normalised(raw[: 3 * room])
        text = whole[:room]
        in_sentence = in_sentence or bool(_SENTENCE.search(text))
        for known in self._known:
            found = known.spans(text, in_sentence=in_sentence)
            # An escape that was undone may have taken a letter of what a backslash was only put between.
            hidden = not found and "\\" in raw and known.spans(raw[:room].replace("\\", ""), in_sentence=in_sentence)
            text = taken_out(text, found)
            if hidden or known.is_encoded(text, in_sentence=in_sentence):
                return MARKER
        text = taken_out(text, patterns.spans(text, in_sentence=in_sentence))
        text = taken_out(text, opaque.spans(text))
        if len(raw) > 3 * room or len(whole) > room:
            text = text[:-_TAIL] + MARK
        return text.replace(MARK, MARKER).strip()


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    kept, blank, _ = text[: limit - 3].rpartition(" ")
    return f"{kept if blank else MARKER}{_CUT}"


def _is_overlong(name: str) -> bool:
    """Whether a name is longer than any, however it is escaped: told before anything that is dear for each letter."""
    if len(name) > _LONGEST_RAW or unfolds_to(name) > _LONGEST_RAW:
        return True
    return len(name) > MAX_ID + _WINDOW and len(normalised(name)) > MAX_ID + _WINDOW
