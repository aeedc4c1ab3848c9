"""The text of the file as a document, or the one sentence that says where it is not TOML."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from envcheck.descriptors import named_by, read_up_to
from envcheck.errors import ConfigError
from envcheck.paths import opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_BYTES: Final = 1024 * 1024

_SAFE_REASONS: Final[Mapping[str, str]] = {
    "Invalid statement": "a key, a [table] or a comment is expected",
    "Expected newline or end of document after a statement": "a new line is expected after the value",
    "Expected '=' after a key in a key/value pair": "`=` is expected after the key",
    "Expected ']' at the end of a table declaration": "`]` is expected at the end of the table's name",
    "Expected ']]' at the end of an array declaration": "`]]` is expected at the end of the table's name",
    "Cannot overwrite a value": "this key is there already",
    "Duplicate inline table key": "this key is there already",
    "Cannot declare": "this table is there already",
    "Cannot redefine": "this table is there already",
    "Cannot mutate": "this table is closed already",
    "Illegal character '\\n'": "a string is not closed on its line",
    "Found invalid character": "a control character cannot stand here",
    "Illegal character": "a control character cannot stand here",
    "Unclosed array": "an array is not closed",
    "Unclosed inline table": "an inline table is not closed",
    "Unterminated string": "a string is not closed",
    "Invalid initial character for a key part": "a key cannot begin like this",
    "Unescaped '\\' in a string": "a backslash in a string must be doubled; or write the string in single quotes",
    "Invalid date or datetime": "this date or time does not exist",
    "Invalid value": "this is not a value; text needs quotes",
}
"""By the beginning of tomli's own reason, which is not shown: some of them quote the file."""


def document_of(text: str, name: str = "the file") -> dict[str, object]:
    """Read TOML; `name` is the file's, as a sentence may show it.

    Raises:
        ConfigError: it is not TOML; the sentence gives the line and column, and nothing that stands there.

    """
    import tomli  # noqa: PLC0415 - `probe` has no file to read

    try:
        return tomli.loads(text.removeprefix("\ufeff"))
    except tomli.TOMLDecodeError as error:
        reason = next((ours for theirs, ours in _SAFE_REASONS.items() if error.msg.startswith(theirs)), None)
        where = f"{name}, line {error.lineno}, column {error.colno}: this is not valid TOML"
        raise ConfigError(f"{where}; {reason}" if reason else where) from None
    except (ValueError, RecursionError):
        raise ConfigError(f"{name}: is not valid TOML; a number is too long, or the nesting too deep") from None


def text_of(path: Path) -> str:
    """Read the file's text.

    Raises:
        ConfigError: it cannot be read; the sentence names the file and what to do.

    """
    try:
        # Without waiting: a pipe under a file's name would hold the command up until somebody writes into it.
        descriptor = opened(path, os.O_NONBLOCK)
        try:
            if named_by(path) is None and stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                raise ConfigError(f"{path}: is a pipe; name a file, or hand it over as /dev/stdin or <(...)")
            content = read_up_to(descriptor, MAX_BYTES + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise ConfigError(
            f'{path}: no such file; "envcheck init" writes a starter, "envcheck demo" works without one'
        ) from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: is a folder; name the file in it, such as environments.toml") from None
    except (OSError, ValueError):  # ValueError: a null character in the name
        raise ConfigError(f"{path}: cannot be read; look at its permissions, or name another file") from None
    if len(content) > MAX_BYTES:
        raise ConfigError(f"{path}: is larger than {MAX_BYTES // 1024} KiB, which no environments file is")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
