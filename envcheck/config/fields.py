"""The checks of single fields, as pydantic runs them: each gives the value to use or says what is wrong with it."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

from pydantic import BaseModel, SecretStr, ValidationInfo

from envcheck.config.chat_params import param_problems
from envcheck.config.expand import expand, refuse_reference
from envcheck.config.headers import HEADER_NAME, REFUSED_HEADERS, checked_headers, checked_query, unsendable
from envcheck.config.problems import Problem, rejected, suggestion, wrong
from envcheck.config.secret_shapes import could_be_key, has_key_prefix, looks_like_key
from envcheck.config.urls import base_url_mistakes, proxy_mistakes
from envcheck.config.variable_names import LOOKS_LIKE_KEY, VARIABLE_NAME, is_no_name
from envcheck.judge.transport import FIELDS as OF_TRANSPORT
from envcheck.plugins.names import is_name, normalised
from envcheck.probes import PROBES, is_of_stand_in, probe_sets, rules
from envcheck.probes.expectable import expectable
from envcheck.transport import TRANSPORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.probes.base import Options

T = TypeVar("T", bound=BaseModel | None)

MAX_SAMPLES: Final = 1000
AUTO: Final = "auto"
"""As many samples as the number of environments needs."""

ENVIRONMENT_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
_TAKEN: Final = "comparison"
_CREDENTIALS: Final = frozenset({"set-cookie", "set-cookie2", "authentication-info", "proxy-authentication-info"})
"""Response headers by which a server hands out what lets in."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the file's values are read with: the variables, and the folder that relative paths start from."""

    variables: Mapping[str, str]
    folder: Path


def environment_name(name: str) -> str:
    """Check a name, which becomes the name of a report."""
    if name.lower() == _TAKEN:
        raise wrong("is the name of the comparison's own report; choose another")
    if looks_like_key(name):
        raise wrong("looks like a key; an environment needs a name that may be shown")
    if not ENVIRONMENT_NAME.fullmatch(name):
        raise wrong("a name is 1 to 64 of A-Z a-z 0-9 . _ - and does not begin with a dot")
    return name


def base_url(value: str, info: ValidationInfo) -> str:
    """Expand and check the URL that routes are added to."""
    expanded = expand(value, surroundings_of(info).variables)
    # What is wrong with a URL that lacks its variables is the variables.
    mistakes = [] if expanded.problems else base_url_mistakes(expanded.text.strip())
    problems = [*expanded.problems, *(Problem((), sentence) for sentence in mistakes)]
    if problems:
        raise rejected(*problems)
    return expanded.text.strip().rstrip("/")


def proxy(value: SecretStr, info: ValidationInfo) -> SecretStr:
    """Expand and check a proxy's URL."""
    expanded = expand(value.get_secret_value(), surroundings_of(info).variables)
    mistakes = [] if expanded.problems else proxy_mistakes(expanded.text.strip())
    problems = [*expanded.problems, *(Problem((), sentence) for sentence in mistakes)]
    if problems:
        raise rejected(*problems)
    return SecretStr(expanded.text.strip().rstrip("/"))


def headers(value: dict[str, SecretStr], info: ValidationInfo) -> dict[str, SecretStr]:
    """Expand and check the headers."""
    return checked_headers(value, surroundings_of(info).variables)


def query(value: dict[str, SecretStr], info: ValidationInfo) -> dict[str, SecretStr]:
    """Expand and check the query's parameters."""
    return checked_query(value, surroundings_of(info).variables)


def variable_of_key(name: str, info: ValidationInfo) -> str:
    """Check the name of a key's variable, and that its value could be sent; that it is unset is no mistake."""
    if is_no_name(name):
        raise wrong(f"must be the NAME of a variable, and this {LOOKS_LIKE_KEY}")
    if not VARIABLE_NAME.fullmatch(name):
        raise wrong("must be the NAME of a variable, such as PROD_API_KEY: letters, digits and `_`, without `${}`")
    reason = unsendable(surroundings_of(info).variables.get(name, "").strip())
    if reason:
        raise rejected(Problem((), f"the value of {name} {reason}", of_variable=True))
    return name


def model_id(value: str) -> str:
    """Check that a model's id is one line and neither a key nor a reference."""
    reason = _no_model_id(value)
    if reason:
        raise wrong(reason)
    return value


def _no_model_id(value: str) -> str | None:
    if has_key_prefix(value):
        return "looks like a key; write the id of a model"
    return not_one_line(value) or refuse_reference(value)


def one_line(value: str) -> str:
    """Check a text that reports show."""
    reason = not_one_line(value)
    if reason is None and looks_like_key(value):
        reason = "looks like a key, and this text is shown in reports"
    if reason:
        raise wrong(reason)
    return value.strip()


def each_once(lines: list[str]) -> list[str]:
    """Check that no line is there twice, for nobody could tell the two apart."""
    if len(set(lines)) < len(lines):
        raise wrong("has a line twice; keep one of the two")
    return lines


def accepted_value(value: str) -> str:
    """Check a value that is held against what a report shows; a bare run may be the name of a model."""
    if has_key_prefix(value):
        raise wrong("looks like a key, and this text is shown in reports")
    return value


def auth_header(name: str) -> str:
    """Check the name of the header that carries the key."""
    if could_be_key(name):
        raise wrong("must be the name of a header, and this looks like a key; put the key in a variable")
    if not HEADER_NAME.fullmatch(name):
        raise wrong("must be the name of a header: letters, digits and `-` only")
    if name.lower() in REFUSED_HEADERS:
        raise wrong(f"cannot carry a key: {REFUSED_HEADERS[name.lower()]}")
    return name


def record_headers(names: list[str]) -> list[str]:
    """Check the names of response headers whose values reports show, and give them in lower case."""
    problems = [Problem((index,), reason) for index, name in enumerate(names) if (reason := _not_recorded(name))]
    if problems:
        raise rejected(*problems)
    return list(dict.fromkeys(name.lower() for name in names))


def _not_recorded(name: str) -> str | None:
    if could_be_key(name):
        return "must be the name of a response header, and this looks like a key"
    if not HEADER_NAME.fullmatch(name):
        return "must be the name of a response header: letters, digits and `-` only"
    if name.lower() in _CREDENTIALS:
        return "holds credentials, which no report may show"
    return None


def prompt(value: SecretStr) -> SecretStr:
    """Check that there is a prompt."""
    if not value.get_secret_value().strip():
        raise wrong("must not be empty; leave it out for the default prompt")
    return value


def plugin_name(name: str) -> str:
    """Check that this can be the name of a package."""
    if could_be_key(name):
        raise wrong("must be the name of a package, and this looks like a key")
    if not is_name(name):
        raise wrong("must be the name of a package as pip installs it, without a version")
    return name


def plugins_once(names: list[str]) -> list[str]:
    """Check that no package is named twice, in whatever spelling."""
    if len(set(map(normalised, names))) < len(names):
        raise wrong("names a package twice")
    return names


def probe_name(name: str) -> str:
    """Check a name against the registry of probes, and of the sets that stand for several."""
    if name not in PROBES and not any(name in probe.sets for probe in PROBES.values()):
        raise wrong(lambda: f"is not a probe; {suggestion(name, [*PROBES, *probe_sets()])}")
    return name


def probes_in_order(names: list[str]) -> list[str]:
    """Give the probes that are named, alone or by a set, in the order in which they run."""
    if len(set(names)) < len(names):
        raise wrong("names a probe twice")
    named = {probe for name in names for probe in probe_sets().get(name, (name,))}
    return [name for name in PROBES if name in named]


def probe_tables(value: T) -> T:
    """Check the models and parameters that single probes are told."""
    problems: list[Problem] = []
    for name in () if value is None else type(value).model_fields:
        options: Options | None = getattr(value, name)
        if options is None:
            continue
        problems += (problem.below((name, "params")) for problem in param_problems(options.params))
        reason = None if options.model is None else _no_model_id(options.model)
        problems += [Problem((name, "model"), reason)] if reason else []
    if problems:
        raise rejected(*problems)
    return value


def samples(value: object) -> object:
    """Check a number of samples, or `auto`."""
    if value == AUTO:
        return value
    if isinstance(value, str):
        raise wrong(f'must be a whole number, without quotes, or "{AUTO}"')
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong("must be a whole number, without quotes")
    if value < 1:
        raise wrong("must be at least 1")
    if value > MAX_SAMPLES:
        raise wrong(f"must be at most {MAX_SAMPLES}")
    return value


def rule_name(name: str) -> str:
    """Check a name against the registry of rules."""
    if name not in _names_of_rules(tuple(PROBES)) and not is_of_stand_in(name):
        raise wrong(lambda: no_rule(name))
    return name


@cache
def _names_of_rules(_probes: tuple[str, ...]) -> frozenset[str]:
    """Name the rules that there are with these probes; a file may name thousands."""
    return frozenset(rules())


def no_rule(name: str) -> str:
    """Say that there is no rule of this name, and which one may be meant."""
    known = list(rules())
    meant = [rule for rule in known if rule.startswith(f"{name}.")]
    if not meant:
        return f"is not a rule; {suggestion(name, known)}"
    which = (
        f'did you mean "{meant[0]}"?' if len(meant) == 1 else "known here: " + ", ".join(f'"{rule}"' for rule in meant)
    )
    return f"is only the beginning of a rule's name; {which}"


def field_name(name: str) -> str:
    """Check the full name of a fact, a latency or an outcome that is compared."""
    known = [f"{probe}.{field}" for probe in PROBES for field in _fields_of(probe)]
    known += [f"{TRANSPORT}.{field.name}" for field in OF_TRANSPORT]
    if (
        name not in known and name not in expectable() and not is_of_stand_in(name)
    ):  # a fact that is expected need not be compared
        raise wrong(lambda: f"is not a field that is compared; {suggestion(name, known)}")
    return name


def _fields_of(probe: str) -> list[str]:
    return ["outcome", *(field.name for field in PROBES[probe].judged)]


def ca_file(value: str, info: ValidationInfo) -> str:
    """Check that the file holds certificates, and give its path from the folder of the file that names it."""
    reason = refuse_reference(value) or not_one_line(value)
    if reason:
        raise wrong(reason)
    import ssl  # noqa: PLC0415 - slow to load, and few files name a CA

    try:
        path = surroundings_of(info).folder / Path(value).expanduser()
        is_file = _is_file(path)
        if is_file:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        raise wrong("is not a PEM file of certificates") from None
    except (OSError, RuntimeError):  # RuntimeError: `~` of a user there is not
        raise wrong("cannot be read; look at the path and its permissions") from None
    if not is_file:
        raise wrong("is not a file; a relative path starts from the folder of this file")
    return str(path)


def _is_file(path: Path) -> bool:
    """Tell a file from what is none or not there; what cannot be looked at raises, as `Path.is_file` did until 3.14."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def surroundings_of(info: ValidationInfo) -> Surroundings:
    """Give what a validator's file is read with."""
    return cast("Surroundings", info.context)


def not_one_line(value: str) -> str | None:
    """Say why a text cannot be shown in one line; None where it can."""
    if not value.strip():
        return "must not be empty"
    if not value.isprintable():
        return "must be one line, without control characters"
    return None
