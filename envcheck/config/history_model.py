"""`[history]` as pydantic reads it: where runs are kept, and for how long whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo

from envcheck.config.expand import refuse_reference
from envcheck.config.fields import not_one_line, surroundings_of
from envcheck.config.problems import wrong
from envcheck.config.table_model import OF_A_TABLE
from envcheck.policy import DEFAULT_KEEP_DAYS, Keeping

FOREVER: Final = "forever"
_DAYS: Final = re.compile(r"([0-9]{1,5})d")
_MAX_DAYS: Final = 36500


def _path(value: str, info: ValidationInfo) -> str:
    """Give the path from the folder of the file that names it."""
    reason = refuse_reference(value) or not_one_line(value)
    if reason:
        raise wrong(reason)
    try:
        return str(surroundings_of(info).folder / Path(value).expanduser())
    except RuntimeError:  # `~` of a user there is not
        raise wrong("begins with the home of a user that there is not; write the path out") from None


def _keep(value: str) -> str:
    found = _DAYS.fullmatch(value)
    if value != FOREVER and not found:
        raise wrong(f'is no number of days; write days as "{DEFAULT_KEEP_DAYS}d", or "{FOREVER}"')
    if found and not 1 <= int(found[1]) <= _MAX_DAYS:
        raise wrong(f'is not from 1d to {_MAX_DAYS}d; or write "{FOREVER}"')
    return value


class HistoryTable(BaseModel):
    """`[history]`: every run is kept there; --history and $ENVCHECK_HISTORY go before it."""

    model_config = OF_A_TABLE

    path: Annotated[
        Annotated[str, AfterValidator(_path)] | None,
        Field(description="The file; a relative path starts from this file's folder."),
    ] = None
    keep: Annotated[
        str,
        AfterValidator(_keep),
        Field(
            description=f'For how many days runs are kept whole, such as "90d", or "{FOREVER}".',
            json_schema_extra={"pattern": f"^({_DAYS.pattern}|{FOREVER})$"},
        ),
    ] = f"{DEFAULT_KEEP_DAYS}d"

    def keeping(self, named: Path | None) -> Keeping:
        """Give where and for how long; `named` is what the command line says, which goes before the file."""
        found = _DAYS.fullmatch(self.keep)
        of_file = None if self.path is None else Path(self.path)
        return Keeping(named or of_file, int(found[1]) if found else None)
