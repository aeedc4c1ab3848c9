"""Adding to a file that somebody else keeps, such as the page to which the steps of a CI's job write."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from envcheck.descriptors import write_whole
from envcheck.errors import ReportError
from envcheck.paths import reason_of

if TYPE_CHECKING:
    from pathlib import Path


def append_text(path: Path, text: str, *, remedy: str) -> None:
    """Add a text at the end of a file, which is made where it is not there, after an empty line where it holds any.

    Args:
        path: the file; a pipe that nobody reads is refused and not waited for.
        text: what to add.
        remedy: what to do where that is not possible.

    Raises:
        ReportError: it is not possible; some of the text may be there.

    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
        try:
            before = "\n" if os.fstat(descriptor).st_size else ""
            write_whole(descriptor, f"{before}{text}".encode())
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise ReportError(f"{path}: nothing can be added to it ({reason_of(error)}); {remedy}") from None
