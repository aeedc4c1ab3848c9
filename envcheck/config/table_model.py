"""What the models of all tables of environments.toml have in common."""

from __future__ import annotations

from typing import Final

from pydantic import ConfigDict

# `probe` needs a few of these tables, so none is built before it is used.
OF_A_TABLE: Final = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)
"""Nothing unknown, nothing converted, and no value in an error."""
