"""What is at a path that a user named, and the text in it; whatever the system refuses is one sentence.

`Path.exists` and its like raise where a folder may not be searched, where a name is too long and where it holds a null
character, each in its own way and not in every Python. Every path of a command line is asked about here.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from enum import Enum
from io import StringIO
from threading import Timer
from typing import TYPE_CHECKING, Final

from envcheck.descriptors import named_by, read_up_to
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SILENCE_S: Final = 1.0
"""Seconds that a pipe may keep its reader waiting before that is said."""
INPUT_LIMIT: Final = 1024 * 1024
"""Bytes of a file that an option names: variables and prompts are small, and more is a mistake in the path."""


class Found(Enum):
    """What a path leads to, in words that fit into a sentence."""

    NOTHING = "nothing"
    FILE = "a file"
    FOLDER = "a folder"
    LINK = "a symbolic link"
    PIPE = "a pipe"
    DEVICE = "a device"
    OTHER = "a socket or a disk"


def found_at(path: Path, *, option: str = "") -> Found:
    """Say what is at a path, behind all links.

    Raises:
        ConfigError: the system does not say; the sentence names the option, where there is one, and the path.

    """
    try:
        return kind_of(os.stat(path).st_mode)  # noqa: PTH116 - `Path.stat` asks the same in more words
    except (FileNotFoundError, NotADirectoryError):
        return Found.NOTHING
    except (OSError, ValueError) as error:
        said = f"{option} {path}".strip()
        raise ConfigError(f"{said}: cannot be reached ({reason_of(error)}); name another path") from None


def kind_of(mode: int) -> Found:
    """Say what has this mode."""
    kinds = {
        stat.S_IFREG: Found.FILE,
        stat.S_IFDIR: Found.FOLDER,
        stat.S_IFLNK: Found.LINK,
        stat.S_IFIFO: Found.PIPE,
        stat.S_IFCHR: Found.DEVICE,
    }
    return kinds.get(stat.S_IFMT(mode), Found.OTHER)


def read_input(path: Path, *, option: str, expected: str, tell: Callable[[str], None]) -> str:
    """Read the text that an option names: a file, or a pipe, through which secret managers and shells hand things over.

    Args:
        path: where it is; `/dev/stdin` and what a shell makes of `<(...)` are read as they are.
        option: the option's name, for the sentence.
        expected: what the text should be, for the same.
        tell: says a sentence, where a named pipe keeps its reader waiting.

    Raises:
        ConfigError: there is no such text, or it is none that was expected.

    """
    said = f"{option} {path}"
    try:
        with _telling_that_it_waits(path, lambda: tell(f"{said}: is a pipe; waiting until somebody has written to it")):
            descriptor = opened(path)
            try:
                data = read_up_to(descriptor, INPUT_LIMIT + 1)
            finally:
                os.close(descriptor)
    except (FileNotFoundError, NotADirectoryError):
        raise ConfigError(f"{said}: there is no such file; name {expected}") from None
    except IsADirectoryError:
        raise ConfigError(f"{said}: is a folder; name {expected}") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{said}: cannot be read ({reason_of(error)}); name {expected}") from None
    if len(data) > INPUT_LIMIT:
        raise ConfigError(f"{said}: is larger than {INPUT_LIMIT // 1024 // 1024} MiB; name {expected}")
    try:
        return StringIO(data.decode("utf-8"), newline=None).getvalue()  # with every line's end made one, as text has
    except UnicodeDecodeError:
        raise ConfigError(f"{said}: is not UTF-8; name {expected}") from None


def opened(path: Path, flags: int = 0) -> int:
    """Give a descriptor to read from, to be closed; a path that is another name of one of this process gives that one.

    Args:
        path: what to open.
        flags: of `os.open`, beside those that are always meant.

    Raises:
        OSError: the system's.
        ValueError: no path is written like this.

    """
    descriptor = named_by(path)
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags) if descriptor is None else os.dup(descriptor)


@contextmanager
def _telling_that_it_waits(path: Path, tell: Callable[[], None]) -> Iterator[None]:
    if named_by(path) is not None or not path.is_fifo():
        yield
        return
    waiting = Timer(_SILENCE_S, tell)
    with suppress(RuntimeError):  # where no thread can be started, it waits without a word
        waiting.start()
    try:
        yield
    finally:
        waiting.cancel()


def reason_of(error: OSError | ValueError) -> str:
    """Give the system's own words for what it refused; never the exception's, which quote more."""
    if isinstance(error, OSError):
        return os.strerror(error.errno) if error.errno else "the system refused"
    return "it holds a character that no path can hold"
