"""Editing the file's `[[accept]]` entries; the only module that knows tomlkit.

The file is never written anew. What is there stays as it is, byte for byte but for the entries in question, and new
entries come after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import unified_diff
from typing import TYPE_CHECKING, Final, cast

import tomlkit
from tomlkit.items import Array

from envcheck.config.blocks import accept_blocks, without
from envcheck.config.toml_text import document_of
from envcheck.errors import ConfigError
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tomlkit import TOMLDocument

    from envcheck.comparison import AcceptNotice
    from envcheck.policy import Accept

_BYTE_ORDER_MARK: Final = "\ufeff"
_BARE_LINE_END: Final = re.compile(r"(?<!\r)\n")
_LONG: Final = 100
"""Characters of a line from which each value has a line of its own, so that a later change shows in one line."""


def add_accepts(text: str, accepts: Sequence[Accept]) -> str:
    """Add entries to the text of an environments file.

    Raises:
        ConfigError: the text is not TOML, its `accept` is not an array of tables, or an entry is about an environment
            that is not in it.

    """
    document = document_of(text)
    environments = document.get("environments")
    names = environments if isinstance(environments, Mapping) else ()
    strangers = sorted({accept.environment for accept in accepts}.difference(names))
    if strangers:
        raise ConfigError(f"not in this file: {', '.join(strangers)}; is it the file the comparison was made with?")
    new = [_entry(accept) for accept in dict.fromkeys(accepts)]
    if not new:
        return text
    if _is_written_inline(text, document):
        whole = _parsed(text)
        _inline(whole).extend(new)
        return _dumped(text, whole)
    tables = _with_line_ends_of(text, tomlkit.dumps({"accept": new}))
    return text + _gap(text) + tables


def prune(text: str, notices: Sequence[AcceptNotice]) -> str:
    """Take out the entries that notices are about.

    Raises:
        ConfigError: the text is not TOML, or has other entries than the comparison saw.

    """
    document = document_of(text)
    places = _places(document, notices)
    if not _is_written_inline(text, document):
        blocks = accept_blocks(text)
        for place in reversed(places):
            text = without(text, blocks[place])
        return text
    whole = _parsed(text)
    entries = _inline(whole)
    for place in reversed(places):
        del entries[place]
    return _dumped(text, whole)


def renew(text: str, notices: Sequence[AcceptNotice], *, reason: str, expires: date) -> str:
    """Give the entries that notices are about a reason and a day anew; raise like `prune`."""
    document = document_of(text)
    places = _places(document, notices)
    news = {"reason": reason, "expires": expires}
    if not _is_written_inline(text, document):
        blocks = accept_blocks(text)
        for place in reversed(places):
            start, end = blocks[place]
            text = text[:start] + _renewed(text, text[start:end], news) + text[end:]
        return text
    whole = _parsed(text)
    for place in places:
        _inline(whole)[place].update(news)
    return _dumped(text, whole)


def diff(before: str, after: str, name: str) -> str:
    """Give the change as a unified diff, without the lines around it: they may hold what no terminal should show."""
    lines = unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}", n=0, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _renewed(text: str, table: str, news: Mapping[str, object]) -> str:
    """Edit one table by itself: in the whole document a new key would come after the comment above the next one."""
    document = tomlkit.parse(table if table.endswith("\n") else f"{table}\n")
    entry = cast("dict[str, object]", cast("list[object]", document["accept"])[0])
    entry.update(news)
    return _with_line_ends_of(text, tomlkit.dumps(document))


def _is_written_inline(text: str, document: Mapping[str, object]) -> bool:
    """Tell whether the entries stand in an array, `accept = [...]`, and not in tables of their own."""
    there = document.get("accept")
    if there is None:
        return False
    if not isinstance(there, list):
        raise ConfigError("accept: must be written as [[accept]], in double brackets")
    return len(accept_blocks(text)) != len(there) or not there


def _inline(document: TOMLDocument) -> Array:
    there = document.get("accept")
    if not isinstance(there, Array):
        raise ConfigError("the file cannot be edited: its [[accept]] are written in a way that is not understood")
    return there


def _parsed(text: str) -> TOMLDocument:
    return tomlkit.parse(text.removeprefix(_BYTE_ORDER_MARK))


def _dumped(text: str, document: TOMLDocument) -> str:
    return (_BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else "") + tomlkit.dumps(document)


def _places(document: Mapping[str, object], notices: Sequence[AcceptNotice]) -> list[int]:
    """Give where in the file the entries are, from 0 and in order; they have to be those that the comparison saw."""
    there = document.get("accept")
    entries: list[object] = there if isinstance(there, list) else []
    redactor = Redactor()
    for notice in notices:
        entry = entries[notice.position - 1] if 0 < notice.position <= len(entries) else None
        if not isinstance(entry, dict) or not _is_of(notice, entry, redactor):
            raise ConfigError(
                f"[[accept]] no. {notice.position} is another one than the comparison saw; run again to look anew"
            )
    return sorted({notice.position - 1 for notice in notices})


def _is_of(notice: AcceptNotice, entry: Mapping[str, object], redactor: Redactor) -> bool:
    """Tell whether a notice is of this entry; it was redacted when it was loaded, as all that comes from a report."""
    exact = ("rule", "environment", "field", "expires")
    redacted = ("value", "reason")
    return all(entry.get(key) == getattr(notice, key) for key in exact) and all(
        _shown(entry.get(key), redactor) == getattr(notice, key) for key in redacted
    )


def _shown(text: object, redactor: Redactor) -> str | None:
    return redactor.loaded(text.strip()) if isinstance(text, str) else None


def _entry(accept: Accept) -> dict[str, object]:
    entry = {
        "rule": accept.rule,
        "environment": accept.environment,
        "field": accept.field,
        "value": accept.value,
        "values": _array(accept.values) if accept.values else None,
        "at_most_ratio": accept.at_most_ratio,
        "reason": accept.reason,
        "expires": accept.expires,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _array(values: Sequence[str]) -> Array:
    array = tomlkit.array()
    array.extend(values)
    return array.multiline(multiline=len(array.as_string()) > _LONG)


def _gap(text: str) -> str:
    """Give what ends the last line and leaves one line empty."""
    line_end = _with_line_ends_of(text, "\n")
    if not text.endswith("\n"):
        return line_end * 2
    return "" if text.endswith(line_end * 2) else line_end


def _with_line_ends_of(text: str, ours: str) -> str:
    return _BARE_LINE_END.sub("\r\n", ours) if "\r\n" in text else ours


def _lines(text: str) -> list[str]:
    # Not splitlines: it also splits inside a TOML string, and a missing last line end is no change to show.
    return [line.removesuffix("\r") for line in text.split("\n")]
