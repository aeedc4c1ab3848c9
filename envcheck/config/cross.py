"""The mistakes that lie between tables. They are looked for in the raw document, beside any other mistake in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from envcheck.config.problems import Problem, suggestion
from envcheck.probes import PROBES
from envcheck.probes.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BEARER_HEADER: Final = "authorization"


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
    yield from _accepts_of_nobody(document)


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
        yield Problem(("baseline",), f"is not an environment of this file; {suggestion(baseline, names)}")


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
        named = set(filter(_is_probe, probes)) if isinstance(probes, list) else set()
        asks_its_model = any(PROBES[probe].needs_model and PROBES[probe].listed_as is None for probe in named)
        if asks_its_model and MODELS.name not in named and "model" not in own and "model" not in defaults:
            yield Problem(
                ("environments", name, "model"),
                "is needed where the models probe is left out, for nothing else names a model to ask",
            )


def _is_probe(value: object) -> bool:
    return isinstance(value, str) and value in PROBES


def _accepts_of_nobody(document: Mapping[str, object]) -> Iterator[Problem]:
    names = list(table(document, "environments"))
    accepts = document.get("accept")
    for index, accept in enumerate(accepts if isinstance(accepts, list) else []):
        environment = accept.get("environment") if isinstance(accept, dict) else None
        if names and isinstance(environment, str) and environment not in names:
            yield Problem(
                ("accept", index, "environment"),
                f"is not an environment of this file; {suggestion(environment, names)}",
            )
