"""From text to environments: everything that is wrong is found first, and only then anything is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pydantic import TypeAdapter, ValidationError

from envcheck.config.cross import NEEDS_A_MODEL, cross_problems, table
from envcheck.config.expect_model import ExpectTable
from envcheck.config.explain import explained
from envcheck.config.fields import Surroundings
from envcheck.config.file_model import AcceptTable, ChecklistTable, Compare, File
from envcheck.config.history_model import HistoryTable
from envcheck.config.own_words import keys_in_own_words
from envcheck.config.plugged import plugged_in
from envcheck.config.problems import Problem, in_file_order
from envcheck.config.resolve import (
    asks_for_no_model,
    environment_of,
    policy_of,
    rollout_of,
    wants_auto,
    with_enough_samples,
)
from envcheck.config.secrets import secrets_of, secrets_of_storage
from envcheck.config.selection import NOTHING_SAID, selected
from envcheck.config.toml_text import document_of, text_of
from envcheck.config.warnings import warnings_of
from envcheck.errors import ConfigError
from envcheck.policy import NOTHING_KEPT
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from envcheck.config.selection import Overrides, Selection
    from envcheck.model import Environment
    from envcheck.policy import Keeping, Policy, Rollout


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a run needs. Holds secrets."""

    environments: tuple[Environment, ...]
    """The baseline first, then in the file's order."""
    redactor: Redactor
    """Knows their secrets; it has found none in the user's own words."""
    baseline: str | None
    """None only where a single environment takes part."""
    policy: Policy
    rollout: Rollout
    keeping: Keeping
    known: tuple[str, ...]
    """The names of all environments of the file, whether or not they take part."""
    warnings: tuple[str, ...]
    """What works and was probably not meant; one sentence each, safe to print."""

    @property
    def is_partial(self) -> bool:
        """Whether some of the file's environments take no part."""
        return len(self.environments) < len(self.known)


def read(path: Path, *, variables: Mapping[str, str], overrides: Overrides = NOTHING_SAID) -> Config:
    """Read the file and give what it asks for; see `load`.

    Raises:
        ConfigError: the file cannot be read, or with every mistake in it.

    """
    text = text_of(path)
    return load(text, variables=variables, folder=path.parent, overrides=overrides, name=str(path))


@dataclass(frozen=True, slots=True)
class Judging:
    """What a comparison of saved evidence takes from the file."""

    policy: Policy
    rollout: Rollout
    baseline: str | None
    """The file's, whether or not the evidence has it."""
    keeping: Keeping = NOTHING_KEPT


def read_judging(path: Path, *, overrides: Overrides = NOTHING_SAID) -> Judging:
    """Read how evidence is judged, for a comparison that sends nothing and so needs none of the file's variables.

    Raises:
        ConfigError: the file cannot be read, or with every mistake in it.

    """
    document = check_text(text_of(path), folder=path.parent, name=str(path))
    surroundings = Surroundings({}, path.parent)
    compare = Compare.model_validate(table(document, "compare"), context=surroundings)
    accept = TypeAdapter(list[AcceptTable]).validate_python(document.get("accept", []), context=surroundings)
    expect = TypeAdapter(list[ExpectTable]).validate_python(document.get("expect", []), context=surroundings)
    checklist = ChecklistTable.model_validate(table(document, "checklist"), context=surroundings)
    history = HistoryTable.model_validate(table(document, "history"), context=surroundings)
    baseline = document.get("baseline")
    return Judging(
        policy_of(compare, enumerate(accept, start=1), expect, overrides),
        rollout_of(checklist, document),
        baseline if isinstance(baseline, str) else None,
        history.keeping(overrides.history),
    )


def check_text(text: str, *, folder: Path, name: str = "the file") -> Mapping[str, object]:
    """Check what can be checked of a file's text without its variables, and give the document.

    Raises:
        ConfigError: with every mistake in it.

    """
    return _without_variables(plugged_in(document_of(text, name), text), text, folder)


class Size(NamedTuple):
    """How much a file says."""

    environments: int
    expectations: int


def check_alone(path: Path) -> Size:
    """Check all of a file that can be checked without its variables, and give how much it says.

    It has to say which its baseline is, as for a run whose command line says nothing.

    Raises:
        ConfigError: the file cannot be read, or with every mistake in it.

    """
    text = text_of(path)
    document = plugged_in(document_of(text, str(path)), text)
    _without_variables(document, text, path.parent, selected(document, NOTHING_SAID).problems)
    expect = document.get("expect")
    return Size(len(table(document, "environments")), len(expect) if isinstance(expect, list) else 0)


def _without_variables(
    document: Mapping[str, object], text: str, folder: Path, others: Sequence[Problem] = ()
) -> Mapping[str, object]:
    problems = [*_model_problems(document, Surroundings({}, folder)), *cross_problems(document), *others]
    counted = [problem for problem in problems if not problem.of_variable]
    if counted:
        raise ConfigError(in_file_order(counted, document, text))
    return document


def load(
    text: str,
    *,
    variables: Mapping[str, str],
    folder: Path,
    overrides: Overrides = NOTHING_SAID,
    name: str = "the file",
) -> Config:
    """Give what the text of an environments file asks for.

    The whole file is checked, also the environments that take no part; only the variables these name need not be set.
    A key whose variable is unset is no mistake: that environment fails as `missing_key` when it is probed.

    Raises:
        ConfigError: with every mistake at once, in the order of the file. Nothing in it repeats a value.

    """
    document = plugged_in(document_of(text, name), text)
    selection = selected(document, overrides)
    surroundings = Surroundings(variables, folder)
    problems = [*_model_problems(document, surroundings), *cross_problems(document), *selection.problems]
    counted = [problem for problem in problems if not problem.of_variable or _takes_part(problem, selection)]
    if counted:
        raise ConfigError(in_file_order(counted, document, text))
    all_environments = table(document, "environments")
    taking_part = {name: all_environments[name] for name in selection.names}
    file = File.model_validate({**document, "environments": taking_part}, context=surroundings)
    environments = tuple(
        environment_of(name, own.over(file.defaults), variables, overrides) for name, own in file.environments.items()
    )
    wanting = {name for name, own in file.environments.items() if wants_auto(own.over(file.defaults), overrides)}
    environments = with_enough_samples(environments, wanting)
    redactor = Redactor((*secrets_of(environments), *secrets_of_storage(variables)))
    told = [
        *(
            Problem(("environments", environment.name, "model"), NEEDS_A_MODEL)
            for environment in environments
            if asks_for_no_model(environment)
        ),
        *keys_in_own_words(document, environments, file, redactor),
    ]
    if told:
        raise ConfigError(in_file_order(told, document, text))
    accepted_here = [
        (position, each) for position, each in enumerate(file.accept, start=1) if each.environment in file.environments
    ]
    return Config(
        environments=environments,
        redactor=redactor,
        baseline=selection.baseline,
        policy=policy_of(file.compare, accepted_here, file.expect, overrides),
        rollout=rollout_of(file.checklist, document),
        keeping=file.history.keeping(overrides.history),
        known=tuple(all_environments),
        warnings=tuple(
            f"environments.{environment.name}.{key}: {sentence}"
            for environment in environments
            for key, sentence in warnings_of(environment)
        ),
    )


def _model_problems(document: Mapping[str, object], surroundings: Surroundings) -> Iterator[Problem]:
    try:
        File.model_validate(document, context=surroundings)
    except ValidationError as error:
        yield from explained(error)


def _takes_part(problem: Problem, selection: Selection) -> bool:
    return problem.path[0] != "environments" or problem.path[1] in selection.names
