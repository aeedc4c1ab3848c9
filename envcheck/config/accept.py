"""Findings of a saved comparison as `[[accept]]` entries of the file; the only room that knows tomlkit.

The file is never written anew. What is there stays as it is, byte for byte, and the entries come after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import unified_diff
from typing import TYPE_CHECKING, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array

from envcheck.comparison import FindingState, Verdict
from envcheck.errors import ConfigError, EvidenceError
from envcheck.policy import Accept

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from tomlkit import TOMLDocument

    from envcheck.comparison import Comparison, Finding

_BYTE_ORDER_MARK: Final = "\ufeff"
_STILL_THERE: Final = frozenset({FindingState.OPEN, FindingState.NEW, FindingState.UNCHANGED})
_WITHOUT_VALUE: Final = frozenset({"latency.slower", "target.same_endpoint", "target.same_key"})
"""Rules whose value is another one in every run, or says nothing that the rule does not."""


def accepts_for(
    comparison: Comparison,
    *,
    reason: str,
    expires: date | None = None,
    rules: Collection[str] = (),
    environments: Collection[str] = (),
) -> tuple[Accept, ...]:
    """Give an entry for each finding that is there and not accepted yet; `rules` and `environments` narrow them.

    Each entry is as narrow as it can be: it holds the value that was found, and so no other. A value of which a part
    was redacted is kept in its redacted form, which is what the next comparison will hold it against.

    Raises:
        EvidenceError: the comparison was inconclusive, so its findings say nothing about the environments.
        ConfigError: there is nothing to accept, or no reason is given.

    """
    if not reason.strip() or not reason.isprintable():
        raise ConfigError("--reason: say in one line why the difference is accepted")
    if comparison.summary.verdict is Verdict.INCONCLUSIVE:
        raise EvidenceError("the comparison was inconclusive, so there is nothing in it to accept; run it again")
    found = [
        finding
        for finding in comparison.findings
        if finding.state in _STILL_THERE
        and (not rules or finding.rule in rules)
        and (not environments or finding.environment in environments)
    ]
    if not found:
        raise ConfigError("there is nothing to accept: no finding that is open, new or unchanged was chosen")
    entries = (
        Accept(
            rule=finding.rule,
            environment=finding.environment,
            reason=reason.strip(),
            value=_value(finding),
            expires=expires,
        )
        for finding in found
    )
    return tuple(dict.fromkeys(entries))


def add_accepts(text: str, accepts: Sequence[Accept]) -> str:
    """Add the entries to the text of an environments file, but for those that are in it already.

    Raises:
        ConfigError: the text is not TOML, its `accept` is not an array of tables, or an entry is about an environment
            that is not in it.

    """
    document = _document(text)
    environments = document.get("environments")
    names = environments if isinstance(environments, Mapping) else ()
    strangers = sorted({accept.environment for accept in accepts}.difference(names))
    if strangers:
        raise ConfigError(f"not in this file: {', '.join(strangers)}; is it the file the comparison was made with?")
    there = document.get("accept")
    if there is not None and not isinstance(there, AoT | Array):
        raise ConfigError("accept: must be written as [[accept]], in double brackets")
    known = there.unwrap() if there is not None else []
    new = [entry for accept in dict.fromkeys(accepts) if (entry := _entry(accept)) not in known]
    if not new:
        return text
    if isinstance(there, Array):
        there.extend(new)
        mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
        return mark + tomlkit.dumps(document)
    line_end = "\r\n" if "\r\n" in text else "\n"
    tables = tomlkit.dumps({"accept": new})
    return text + _gap(text, line_end) + tables.replace("\n", line_end)


def diff(before: str, after: str, name: str) -> str:
    """Give the change as a unified diff, without the lines around it: they may hold what no terminal should show."""
    lines = unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}", n=0, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _value(finding: Finding) -> str | None:
    return None if finding.rule in _WITHOUT_VALUE else finding.value


def _document(text: str) -> TOMLDocument:
    try:
        return tomlkit.parse(text.removeprefix(_BYTE_ORDER_MARK))
    except (TOMLKitError, RecursionError):
        raise ConfigError('the file cannot be edited: it is not TOML 1.0; "envcheck check-config" says more') from None


def _entry(accept: Accept) -> dict[str, object]:
    entry = {
        "rule": accept.rule,
        "environment": accept.environment,
        "value": accept.value,
        "reason": accept.reason,
        "expires": accept.expires,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _gap(text: str, line_end: str) -> str:
    """Give what ends the last line and leaves one line empty."""
    if not text.endswith("\n"):
        return line_end * 2
    return "" if text.endswith(line_end * 2) else line_end


def _lines(text: str) -> list[str]:
    # Not splitlines: it also splits inside a TOML string, and a missing last line end is no change to show.
    return [line.removesuffix("\r") for line in text.split("\n")]
