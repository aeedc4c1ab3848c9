"""Editing the file's `[[accept]]` entries; the only module that knows tomlkit.

The file is never written anew. What is there stays as it is, byte for byte but for the entries in question, and new
entries come after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import unified_diff
from typing import TYPE_CHECKING, Any, Final, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array

from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tomlkit import TOMLDocument

    from envcheck.comparison import AcceptNotice
    from envcheck.policy import Accept

_BYTE_ORDER_MARK: Final = "\ufeff"
_WHICH: Final = ("rule", "environment", "value", "values", "field")
"""The keys that say what an entry is about; the others say why and until when."""


def add_accepts(text: str, accepts: Sequence[Accept]) -> str:
    """Add the entries to the text of an environments file, but for those that are in it already.

    An entry about the same is there already whatever its reason and expiry: one without an end must not stand beside
    one that has expired.

    Raises:
        ConfigError: the text is not TOML, its `accept` is not an array of tables, or an entry is about an environment
            that is not in it.

    """
    document = _document(text)
    environments = document.get("environments")
    names = environments if isinstance(environments, Mapping) else ()
    strangers = sorted({accept.environment for accept in accepts}.difference(names))
    if strangers:
        raise ConfigError(f"not in this file: {', '.join(strangers)}; is it the file the comparison was made with?")
    there = _entries(document)
    known = [] if there is None else [_about(entry) for entry in there.unwrap()]
    new = [entry for accept in dict.fromkeys(accepts) if _about(entry := _entry(accept)) not in known]
    if not new:
        return text
    if isinstance(there, Array):
        there.extend(new)
        return _dumped(text, document)
    line_end = "\r\n" if "\r\n" in text else "\n"
    tables = tomlkit.dumps({"accept": new})
    return text + _gap(text, line_end) + tables.replace("\n", line_end)


def prune(text: str, notices: Sequence[AcceptNotice]) -> str:
    """Take out the entries that notices are about.

    Raises:
        ConfigError: the text is not TOML, or has other entries than the comparison saw.

    """
    document = _document(text)
    entries = _seen(document, notices)
    for notice in sorted(notices, key=lambda notice: notice.position, reverse=True):
        del entries[notice.position - 1]
    if not entries:
        document.remove("accept")
    return _dumped(text, document)


def renew(text: str, notices: Sequence[AcceptNotice], *, reason: str, expires: date) -> str:
    """Give the entries that notices are about a reason and a day anew; raise like `prune`."""
    document = _document(text)
    entries = _seen(document, notices)
    for notice in notices:
        entry = cast("dict[str, object]", entries[notice.position - 1])
        entry["reason"] = reason
        entry["expires"] = expires
    return _dumped(text, document)


def diff(before: str, after: str, name: str) -> str:
    """Give the change as a unified diff, without the lines around it: they may hold what no terminal should show."""
    lines = unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}", n=0, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _document(text: str) -> TOMLDocument:
    try:
        return tomlkit.parse(text.removeprefix(_BYTE_ORDER_MARK))
    except (TOMLKitError, RecursionError):
        raise ConfigError('the file cannot be edited: it is not TOML 1.0; "envcheck check-config" says more') from None


def _dumped(text: str, document: TOMLDocument) -> str:
    return (_BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else "") + tomlkit.dumps(document)


def _entries(document: TOMLDocument) -> AoT | Array | None:
    there = document.get("accept")
    if there is None or isinstance(there, AoT | Array):
        return there
    raise ConfigError("accept: must be written as [[accept]], in double brackets")


def _seen(document: TOMLDocument, notices: Sequence[AcceptNotice]) -> AoT | Array:
    """Give the file's entries, which have to be those that the comparison saw."""
    entries = _entries(document)
    unwrapped: list[Any] = [] if entries is None else entries.unwrap()
    for notice in notices:
        at = notice.position - 1
        entry = unwrapped[at] if 0 <= at < len(unwrapped) else {}
        if entries is None or (entry.get("rule"), entry.get("environment")) != (notice.rule, notice.environment):
            raise ConfigError(
                f"[[accept]] no. {notice.position} is another one than the comparison saw; run again to look anew"
            )
    if entries is None:
        raise ConfigError("the file has no [[accept]]")
    return entries


def _about(entry: Mapping[str, object]) -> dict[str, object]:
    return {key: entry[key] for key in _WHICH if key in entry}


def _entry(accept: Accept) -> dict[str, object]:
    entry = {
        "rule": accept.rule,
        "environment": accept.environment,
        "field": accept.field,
        "value": accept.value,
        "values": list(accept.values) or None,
        "at_most_ratio": accept.at_most_ratio,
        "reason": accept.reason,
        "expires": accept.expires,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _gap(text: str, line_end: str) -> str:
    """Give what ends the last line and leaves one line empty."""
    if not text.endswith("\n"):
        return line_end * 2
    return "" if text.endswith(line_end * 2) else line_end


def _lines(text: str) -> list[str]:
    # Not splitlines: it also splits inside a TOML string, and a missing last line end is no change to show.
    return [line.removesuffix("\r") for line in text.split("\n")]
