"""What users write to be shown is theirs, and no report changes it: so it is refused where it holds a key of the run.

Names, reasons and accepted values are searched for keys alone, and never for other header values or prompts: for all
that the finished report would be refused for, by the very search that would refuse it, and for keys that only their
place in the file tells from ordinary words.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from envcheck.config.cross import table
from envcheck.config.problems import Problem
from envcheck.config.secret_shapes import names_a_secret
from envcheck.errors import LeakError
from envcheck.redact import Redactor, SecretKind, secrets_of
from envcheck.redact.opaque import is_opaque
from envcheck.redact.secrets import MIN_KEY, PLACEHOLDERS
from envcheck.redact.vocabulary import word_positions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from pydantic import SecretStr

    from envcheck.config.file_model import AcceptTable
    from envcheck.config.problems import Path
    from envcheck.model import Environment

_HOLDS_A_KEY: Final = "holds a key or a part of one; reports show this text, so take it out"
_SHOWN: Final = ("api_key_env", "model")
_KINDS_OF_KEYS: Final = frozenset({SecretKind.KEY, SecretKind.HEADER, SecretKind.QUERY})
_MIN_UNKNOWN: Final = 4
"""With fewer characters outside known words, as in `staging-eu-1`, a key cannot be told from an honest name."""
_BETWEEN_VALUES: Final = re.compile(r"[\s;,=]+")
_RUN: Final = re.compile(r"[A-Za-z0-9]+")


def keys_in_own_words(
    document: Mapping[str, object],
    environments: Sequence[Environment],
    accepts: Sequence[AcceptTable],
    redactor: Redactor,
) -> Iterator[Problem]:
    """Give a problem for each text of the file that reports show and that holds a key of these environments.

    `redactor` is the one that the run's reports are checked with.
    """
    names = list(table(document, "environments"))
    texts = [*_texts_of_accepts(accepts), *(each for one in environments for each in _texts_of(one, document))]
    keys = _keys_within([*names, *(text for _, text in texts)], environments)
    unspeakable = {name for name in names if _holds_any(name, keys) or _is_refused(name, redactor)}
    for number, name in enumerate(names, start=1):
        if name in unspeakable:
            yield Problem(("environments",), f"the name of table {number} {_HOLDS_A_KEY}")
    for path, text in texts:
        if unspeakable.isdisjoint(path) and (_holds_any(text, keys) or _is_refused(text, redactor)):
            yield Problem(path, _HOLDS_A_KEY)


def keys_in_flags(environment: Environment) -> Iterator[Problem]:
    """Give a problem for each flag whose value a report shows and that holds a key of the one endpoint."""
    texts = [(field, text) for field in _SHOWN if (text := getattr(environment, field)) is not None]
    keys = _keys_within([text for _, text in texts], [environment])
    redactor = Redactor.for_run((environment,))
    for field, text in texts:
        if _holds_any(text, keys) or _is_refused(text, redactor):
            yield Problem((field,), _HOLDS_A_KEY)


def _is_refused(text: str, redactor: Redactor) -> bool:
    try:
        redactor.check(text)
    except LeakError:
        return True
    return False


def _texts_of_accepts(accepts: Sequence[AcceptTable]) -> Iterator[tuple[Path, str]]:
    for index, accept in enumerate(accepts):
        yield ("accept", index, "reason"), accept.reason
        if accept.value is not None:
            yield ("accept", index, "value"), accept.value
        for number, value in enumerate(accept.values):
            yield ("accept", index, "values", number), value


def _texts_of(environment: Environment, document: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    own = table(table(document, "environments"), environment.name)
    for field in _SHOWN:
        text = getattr(environment, field)
        if text is not None:
            yield (("environments", environment.name, field) if field in own else ("defaults", field)), text


def _holds_any(text: str, keys: Collection[str]) -> bool:
    folded = text.casefold()
    return any(key in folded for key in keys)


def _keys_within(texts: Sequence[str], environments: Sequence[Environment]) -> frozenset[str]:
    """Give the keys that occur in any of the texts; a fleet has as many of the one as of the other."""
    everything = "\n".join(texts).casefold()
    found = {key for each in environments for key in map(str.casefold, _keys_of(each)) if key in everything}
    return frozenset(filter(_can_be_told, found))


def _keys_of(environment: Environment) -> Iterator[str]:
    """Give what lets somebody in: keys, what secret-named headers and parameters hold, opaque values, a password."""
    secret = replace(
        environment,
        headers={name: value for name, value in environment.headers.items() if names_a_secret(name)},
        query={name: value for name, value in environment.query.items() if names_a_secret(name)},
    )
    yield from (each.value for each in secrets_of(secret) if each.kind in _KINDS_OF_KEYS)
    for value in (*environment.headers.values(), *environment.query.values()):
        for piece in _BETWEEN_VALUES.split(value.get_secret_value()):
            if any(map(is_opaque, _RUN.findall(piece))):
                yield piece
    if environment.proxy is not None:
        yield from _password(environment.proxy)


def _password(proxy: SecretStr) -> Iterator[str]:
    parts = urlsplit(proxy.get_secret_value())
    # What stands alone before the `@` is a token.
    password = parts.password or parts.username or ""
    yield from (password, unquote(password))


def _can_be_told(key: str) -> bool:
    """Say whether a key is long enough, and strange enough, to be told from the words of an honest name or reason."""
    skeleton = "".join(filter(str.isalnum, key))
    if len(skeleton) < MIN_KEY or skeleton in PLACEHOLDERS:
        return False
    if skeleton.isdigit():
        return is_opaque(skeleton)  # a date is no key, though a cookie may hold one
    return word_positions(skeleton).count(0) >= _MIN_UNKNOWN
