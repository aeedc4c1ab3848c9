"""The mistakes that lie between tables. They are looked for in the raw document, beside any other mistake in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from envcheck.config.expect import expect_problems
from envcheck.config.plugged import unnamed_plugins
from envcheck.config.problems import Problem, suggestion
from envcheck.probes import PROBES, probe_sets
from envcheck.probes.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_BEARER_HEADER: Final = "authorization"
_RULES_OF_LATENCY: Final = "latency."


def table(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Give a table of the document; an empty one where it is missing or something else."""
    value = document.get(name)
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def cross_problems(document: Mapping[str, object]) -> Iterator[Problem]:
    """Give what is wrong between the tables of the file, whatever is asked for on the command line."""
    yield from _names_that_collide(document)
    yield from _unknown_baseline(document)
    yield from _headers_that_collide(document)
    yield from _nothing_to_ask(document)
    yield from _accepts_of_nothing(document)
    yield from _rollouts_of_nothing(document)
    yield from unnamed_plugins(document)
    yield from expect_problems(document, list(table(document, "environments")))


def _names_that_collide(document: Mapping[str, object]) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in table(document, "environments"):
        if name.lower() in seen:
            yield Problem(
                ("environments", name),
                "another environment has this name but for its case; on some file systems one report would replace"
                " the other",
            )
        seen.add(name.lower())


def _unknown_baseline(document: Mapping[str, object]) -> Iterator[Problem]:
    names = list(table(document, "environments"))
    baseline = document.get("baseline")
    if names and isinstance(baseline, str) and baseline not in names:
        yield Problem(("baseline",), _not_an_environment(baseline, names))


def _not_an_environment(name: str, names: list[str]) -> str:
    return f"is not an environment of this file; {suggestion(name, names)}"


def _headers_that_collide(document: Mapping[str, object]) -> Iterator[Problem]:
    """Find headers of the user's that would stand beside the one that carries the key."""
    defaults = table(document, "defaults")
    default_headers = table(defaults, "headers")
    environments = table(document, "environments")
    for name in environments:
        own = table(environments, name)
        carries_key = str(own.get("auth_header", defaults.get("auth_header", _BEARER_HEADER))).lower()
        if "api_key_env" not in own and "api_key_env" not in defaults:
            continue
        for header in table(own, "headers"):
            if header.lower() == carries_key:
                yield Problem(("environments", name, "headers", header), _TWO_KEYS)
        for header in default_headers:
            if header.lower() == carries_key:
                yield Problem(("defaults", "headers", header), _TWO_KEYS)


_TWO_KEYS: Final = "the key of api_key_env is sent in this header already; keep one of the two"


def _nothing_to_ask(document: Mapping[str, object]) -> Iterator[Problem]:
    """Find environments of which nothing would be asked: no model is named, and none is looked up."""
    defaults = table(document, "defaults")
    environments = table(document, "environments")
    for name in environments:
        own = table(environments, name)
        probes = own.get("probes", defaults.get("probes"))
        if "model" in own or "model" in defaults or not isinstance(probes, list):
            continue
        sets = probe_sets()
        named = {probe for each in probes if isinstance(each, str) for probe in sets.get(each, (each,))}
        with_models = {
            probe
            for probe in named
            if any("model" in table(table(settings, "probe"), probe) for settings in (own, defaults))
        }
        if lack_a_model(named, with_models):
            yield Problem(("environments", name, "model"), NEEDS_A_MODEL)


NEEDS_A_MODEL: Final = "is needed where the models probe is left out, for nothing else names a model to ask"


def lack_a_model(probes: Collection[str], with_models: Collection[str]) -> bool:
    """Tell whether one of these probes asks for a model that nothing names."""
    if MODELS.name in probes:
        return False
    return any(
        name in PROBES and PROBES[name].needs_model and PROBES[name].listed_as is None and name not in with_models
        for name in probes
    )


def _accepts_of_nothing(document: Mapping[str, object]) -> Iterator[Problem]:
    """Find entries that can cover no finding."""
    names = list(table(document, "environments"))
    accepts = document.get("accept")
    for index, accept in enumerate(accepts if isinstance(accepts, list) else []):
        if not isinstance(accept, dict):
            continue
        rule, environment = accept.get("rule"), accept.get("environment")
        if "at_most_ratio" in accept and isinstance(rule, str) and not rule.startswith(_RULES_OF_LATENCY):
            yield Problem(("accept", index, "at_most_ratio"), "bounds a latency, and the rule is about something else")
        if names and isinstance(environment, str) and environment not in names:
            yield Problem(("accept", index, "environment"), partial(_not_an_environment, environment, names))


def _rollouts_of_nothing(document: Mapping[str, object]) -> Iterator[Problem]:
    """Find names of the checklist that are none of the environments."""
    names = list(table(document, "environments"))
    rolled_out = table(document, "checklist").get("environments")
    for index, name in enumerate(rolled_out if isinstance(rolled_out, list) else []):
        if names and isinstance(name, str) and name not in names:
            yield Problem(("checklist", "environments", index), partial(_not_an_environment, name, names))
