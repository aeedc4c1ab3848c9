"""The one maker of `Redacted` text: the layers, in their order, and the ways in which the house asks for them."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, LiteralString, NewType

from pydantic import AfterValidator, ValidationInfo

from envcheck.errors import LeakError
from envcheck.redact.index import Index
from envcheck.redact.known import Known
from envcheck.redact.layers import LAYERS, Layer, Scope, settled
from envcheck.redact.listing import Listing
from envcheck.redact.normal import MARK, MARKER, normalised, unescaped
from envcheck.redact.scrub import scrubbed
from envcheck.redact.secrets import Secret, SecretKind
from envcheck.redact.urls import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from envcheck.model import Environment, Fault
    from envcheck.redact.tripwire import Spellings

Redacted = NewType("Redacted", str)
"""Text that is safe to share. Only `Redactor` makes it, so mypy refuses anything else in evidence."""

MAX_TEXT: Final = 300
MAX_ID: Final = 200
MAX_RAW_ID: Final = 4 * MAX_ID
"""No id is as long, however it is escaped: what is longer is taken out unread, for a list may hold thousands."""
MAX_LOADED: Final = 4000
MAX_CLOSER_LOOKS: Final = 1000
"""Model ids of one list that are read in every way; a list with more odd ones than this has the rest taken out."""

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./:-]{0,79}|[0-9]{1,6}")
_KEY_PATH: Final = re.compile(
    r"[A-Za-z_][A-Za-z0-9_-]{0,63}(?:\[\]){0,8}(?:\.[A-Za-z_][A-Za-z0-9_-]{0,63}(?:\[\]){0,8}){0,31}"
)
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_-]+")


def _cleaned_when_loaded(text: Redacted, info: ValidationInfo) -> Redacted:
    """Distrust saved evidence: a file may have been written by anyone."""
    context = info.context
    return context.loaded(text) if isinstance(context, Redactor) else text


SafeText = Annotated[Redacted, AfterValidator(_cleaned_when_loaded)]
"""`Redacted` as a field of a model: taken as it is in the process, redacted anew when loaded from a file."""


def _found(spellings: Spellings, text: str) -> bool:
    return spellings.found_in(text) or spellings.found_in(unescaped(text))


class Redactor:
    """Makes text safe to share; every method takes what a stranger wrote and gives what may be shown.

    All of them send their text through the same `layers`, so that redacting what was redacted changes nothing.
    `Redactor()` knows no secret and still denies what looks like one: it is what saved evidence is loaded with.
    """

    layers: ClassVar[tuple[Layer, ...]] = LAYERS

    def __init__(self, index: Index | None = None, *, learnt: tuple[Known, ...] = (), withholds: bool = False) -> None:
        self._index = index or Index()
        self._learnt = learnt
        self.withholds: Final = withholds
        """Whether nothing a server wrote in words may be shown: its secrets cannot be told from ordinary words."""

    @classmethod
    def for_run(cls, environments: Iterable[Environment], public: Iterable[str] = ()) -> Redactor:
        """Know every secret of every environment; `public` is further text the user wrote to be shown."""
        return cls(Index.of(environments, public))

    def within(self, environment: Environment) -> Redactor:
        """Give the view for one environment: the same knowledge, and whether its server's words are withheld."""
        withholds = not environment.server_text or self._index.has_weak_key(environment)
        return type(self)(self._index, learnt=self._learnt, withholds=withholds)

    def also(self, *texts: str) -> Redactor:
        """Give a redactor that knows these texts too, such as what a model generated."""
        learnt = Known()
        learnt.add(Secret(SecretKind.GENERATED, text) for text in texts)
        return type(self)(self._index, learnt=(*self._learnt, learnt), withholds=self.withholds)

    def own(self, words: LiteralString | Fault) -> Redacted:
        """Pass on words of our own."""
        return Redacted(str(words))

    def token(self, raw: str) -> str:
        """Give a keyed hash of a raw name."""
        return blake2b(raw.encode("utf-8", "surrogatepass"), key=self._index.token_key, digest_size=8).hexdigest()

    def name(self, text: str) -> Redacted:
        """Pass on a name from the user's file, as far as it has the characters of one."""
        return Redacted(text) if _NAME.fullmatch(text) else self._shown(text, MAX_ID)

    def text(self, raw: str, limit: int = MAX_TEXT) -> Redacted | None:
        """Redact a server's sentence; None when nothing of it may be shown, or nothing of it is left."""
        if self.withholds:
            return None
        shown = self._shown(raw, limit, in_prose=True)
        return shown if shown.replace(MARKER, "").strip(" .,:;()'\"") else None

    def preview(self, words: Sequence[str], messages: Sequence[str]) -> Redacted | None:
        """Redact an error reply's code and type, and its sentences, as one text.

        A field over which, together with another, a secret was spread is left out whole.
        """
        fields = (*words, *messages)
        lost = Listing(fields, self._knowledge).crossing()
        labels = [self.identifier(word) for i, word in enumerate(words) if i not in lost]
        kept = [message for i, message in enumerate(messages, start=len(words)) if i not in lost]
        return self.text(": ".join((*(label for label in dict.fromkeys(labels) if label is not None), *kept)))

    def identifier(self, raw: str) -> Redacted | None:
        """Pass on an error's type or code; None when it is no identifier, or one that gives something away."""
        if self.withholds or not _IDENTIFIER.fullmatch(raw):
            return None
        return Redacted(raw) if self._is_harmless(raw) else None

    def key_path(self, raw: str) -> Redacted | None:
        """Pass on the path of a JSON key; None when any part of it is odd or gives something away."""
        return Redacted(raw) if _KEY_PATH.fullmatch(raw) and self._is_harmless(raw) else None

    def model_id(self, raw: str) -> Redacted:
        """Redact one model id; shown even where a server's sentences are withheld."""
        return self.model_ids((raw,))[0]

    def model_ids(self, raw: Sequence[str]) -> list[Redacted]:
        """Redact a list of model ids, in order. Ordinary ones cost next to nothing."""
        names = [model if len(model) <= MAX_RAW_ID else MARKER for model in raw]
        listing = Listing(names, self._knowledge)
        safe = [Redacted(name) for name in names]
        for count, position in enumerate(sorted(listing.suspicious())):
            safe[position] = self._piecewise(names[position]) if count < MAX_CLOSER_LOOKS else Redacted(MARKER)
        for position in listing.lost_together(safe):
            safe[position] = Redacted(MARKER)
        return safe

    def key_paths(self, raw: Sequence[str]) -> list[Redacted]:
        """Pass on the key paths of one document: those that are harmless by themselves, and beside each other."""
        listing = Listing(raw, self._knowledge)
        safe = [Redacted(path) for path in raw]
        for position in listing.suspicious():
            safe[position] = self.key_path(raw[position]) or Redacted(MARKER)
        lost = listing.lost_together(safe)
        return [path for position, path in enumerate(safe) if position not in lost and path != MARKER]

    def url(self, raw: str) -> Redacted:
        """Keep scheme, host, port and path segments of an address, where they give nothing away."""
        return self._shown(address(normalised(raw)).replace(MARK, MARKER), MAX_TEXT)

    def loaded(self, text: str) -> Redacted:
        """Redact text from a saved file. What any other method gave comes back as it is."""
        if not Listing((text,), self._knowledge).suspicious():
            return Redacted(text)
        return self._shown(text, MAX_LOADED)

    def scrub(self, text: str) -> str:
        """Redact text of our own that may quote secrets, such as a traceback, and keep its lines."""
        return scrubbed(text, self._knowledge)

    def check(self, artifact: str) -> None:
        """Refuse an artifact that holds a known key or credential in any common encoding.

        An artifact holds words of the user's own too, a reason or a name, and those may be what a header or a prompt
        says. Such values are looked for in what servers wrote alone: see `holds_secret`.

        Raises:
            LeakError: one was found; the message says nothing about which.

        """
        credentials = self._index.credentials
        if credentials.found_close_in(artifact) or credentials.found_close_in(unescaped(artifact)):
            raise LeakError(
                "a known key was found in what was about to be written, so none of it was written; this is a fault of"
                " envcheck: please report it, without the key"
            )

    def holds_secret(self, text: str) -> bool:
        """Tell whether what a server wrote holds a known secret of any kind, in any common encoding.

        Only what cannot be there by chance is looked for: keys that can be told from ordinary words, whole prompts, and
        other values that are no ordinary words.
        """
        return _found(self._index.credentials, text) or _found(self._index.spellings, text)

    @property
    def _knowledge(self) -> tuple[Known, ...]:
        return (self._index.known, *self._learnt)

    def _shown(self, raw: str, limit: int, *, in_prose: bool = False) -> Redacted:
        return Redacted(settled(raw, self.layers, Scope(self._knowledge, in_prose), limit))

    def _is_harmless(self, raw: str) -> bool:
        return self._shown(raw, MAX_LOADED) == raw and not any(
            known.holds_piece(segment) for segment in _SEGMENT.findall(raw) for known in self._knowledge
        )

    def _piecewise(self, raw: str) -> Redacted:
        """Redact a name that may itself be one piece of a secret that was split over several."""
        if any(known.holds_piece(raw) for known in self._knowledge):
            return Redacted(MARKER)
        return self._shown(raw, MAX_ID)
