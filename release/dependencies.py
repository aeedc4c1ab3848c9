"""What is installed beside envcheck, with all its extras, and under which licences: read from installed metadata.

It is asked for a Python of 3.11 on Linux, whichever runs: newer ones need less.
"""

from __future__ import annotations

import re
from importlib.metadata import metadata, requires
from typing import TYPE_CHECKING, Final, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

DISTRIBUTION: Final = "llm-envcheck"
_PIN: Final = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)$", re.MULTILINE)
_OLDEST: Final = {"python_version": "3.11", "python_full_version": "3.11.0", "sys_platform": "linux"}
_CLASSIFIER: Final = "License :: OSI Approved :: "
# What a package says in words of its own or by a classifier, in those of SPDX.
_SPDX: Final = {
    "Apache 2.0": "Apache-2.0",
    "Apache-2.0": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
    "ISC License": "ISC",
    "MIT": "MIT",
    "MIT License": "MIT",
    "PSF-2.0": "PSF-2.0",
}
# These say no more than "BSD"; it was read in the text of the licence that they bring.
_READ_IN_THE_TEXT: Final = {"jinja2": "BSD-3-Clause"}


class Dependency(NamedTuple):
    """One package that envcheck needs, or that one of those needs."""

    name: str
    """As it is installed."""
    version: str
    licence: str
    """As an SPDX expression where the package says which."""
    needed_by: str
    """Those that ask for it, by name, with commas between them; envcheck itself first."""


def pins(constraints: str) -> dict[str, str]:
    """Give the exact versions of constraints.txt by normal name."""
    return {canonicalize_name(found["name"]): found["version"] for found in _PIN.finditer(constraints)}


def installed() -> list[Dependency]:
    """Give what `llm-envcheck[all]` brings, by name.

    Raises:
        importlib.metadata.PackageNotFoundError: one is not installed here.

    """
    wanted_by: dict[str, list[str]] = {}
    waiting = [(DISTRIBUTION, frozenset({"all", "html", "prometheus"}))]
    while waiting:
        name, extras = waiting.pop(0)
        for needed in _needs(name, extras):
            found = canonicalize_name(needed.name)
            if found == DISTRIBUTION:  # `all` is made of the other extras
                continue
            if found not in wanted_by:
                waiting.append((found, frozenset(needed.extras)))
            wanted_by.setdefault(found, []).append("envcheck" if name == DISTRIBUTION else name)
    return [_dependency(name, wanted_by[name]) for name in sorted(wanted_by)]


def _needs(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    for line in requires(name) or ():
        requirement = Requirement(line)
        if requirement.marker is None or any(
            requirement.marker.evaluate({**_OLDEST, "extra": extra}) for extra in extras | {""}
        ):
            yield requirement


def _dependency(name: str, wanted_by: list[str]) -> Dependency:
    said: Message = metadata(name)  # type: ignore[assignment]  # it is one, by another name
    return Dependency(said["Name"], said["Version"], licence_of(said), ", ".join(dict.fromkeys(wanted_by)))


def licence_of(said: Message) -> str:
    """Read a package's licence: the expression of PEP 639, else its own short words, else its classifier.

    Raises:
        ValueError: it says none of them in a form that is known; somebody has to look, and add it here.

    """
    if expression := said.get("License-Expression"):
        return str(expression)
    classifiers = (each.removeprefix(_CLASSIFIER) for each in said.get_all("Classifier", []) if _CLASSIFIER in each)
    for words in (said.get("License"), *classifiers):
        if words in _SPDX:
            return _SPDX[words]
    name = canonicalize_name(said["Name"])
    if name in _READ_IN_THE_TEXT:
        return _READ_IN_THE_TEXT[name]
    raise ValueError(f"{name}: its licence is in no form that release/dependencies.py knows; read it, and add it there")
