"""What stands in the checkout beside the package and is no part of it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

ROOT: Final = Path(__file__).parents[1]


def imported(name: str) -> ModuleType:
    """Import a module of the checkout's, while the package stays the one that is installed."""
    sys.path.append(str(ROOT))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT))
