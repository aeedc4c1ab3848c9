"""What every saved record has in common, and the types of its smallest parts. See `evidence` and `comparison`.

Within one schema version fields are only ever added, and a reader ignores what it does not know: a record of an older
release loads for ever, and one of a newer release as far as this one can read it.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, NewType

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from envcheck import __version__
from envcheck.model import FailureClass

FailureName = NewType("FailureName", str)
"""A failure class as evidence spells it: a `FailureClass`, with `http` as `http_<status>`."""


def failure_name(failure: FailureClass, status: int | None) -> FailureName:
    """Spell a failure as evidence does: `status` is part of the name where no other class covers it."""
    return FailureName(f"http_{status}" if failure is FailureClass.HTTP else failure.value)


FailureNameField = Annotated[FailureName, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")]
"""Open to classes of newer releases, and to nothing that a server wrote."""

RESERVED_NAME: Final = "comparison"
"""Names the report of all environments, in any case: some file systems tell none apart."""


def _not_reserved(name: str) -> str:
    if name.casefold() == RESERVED_NAME:
        raise ValueError("the name is the comparison's own")
    return name


EnvironmentName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"), AfterValidator(_not_reserved)
]
"""As in the file; it names the report."""
AT: Final = "@"
"""Stands between an environment and the vantage that it is looked at from; in the name of neither."""
ColumnName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}(@[A-Za-z0-9_-][A-Za-z0-9._-]{0,63})?$"),
    AfterValidator(_not_reserved),
]
"""An environment, or where a comparison is of several vantages one of them at one of these: `staging@eu-west`."""
VantageName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$")]
"""Where somebody looks from, spelled as an environment is."""
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
WordOfOurs = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,63}$")]
"""A probe's, a fact's or a rule's name: ours, never a server's."""
Milliseconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
RunId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
"""Random, one for each run: which records were made together."""


class Record(BaseModel):
    """Nothing is changed after it is made; what a saved one holds beside its fields is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Facts(Record):
    """The base of every probe's facts: typed, frozen, and safe to share."""


class Tool(Record):
    """What wrote the record."""

    name: Literal["envcheck"] = "envcheck"
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+-]{1,40}$")] = __version__
