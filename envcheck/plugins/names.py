"""Names of distributions: https://packaging.python.org/en/latest/specifications/name-normalization/."""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_RUN_OF_MARKS: Final = re.compile(r"[-_.]+")


def is_name(name: str) -> bool:
    """Tell whether this can be the name of a distribution, without a version or anything else."""
    return _NAME.fullmatch(name) is not None


def normalised(name: str) -> str:
    """Spell a distribution's name as package indexes compare it."""
    return _RUN_OF_MARKS.sub("-", name).lower()
