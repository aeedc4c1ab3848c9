"""What a plug-in's probe or format has to be, so that whatever it does, nothing but its own column or files can break.

Each reason is the rest of a sentence that begins with the entry point.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from envcheck.judge.members import Members
from envcheck.judge.scalar import Scalar
from envcheck.judge.stated import Stated
from envcheck.plugins.raw_text import raw_texts
from envcheck.probes.base import Facts, Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.formats import Format
    from envcheck.probes.base import Probe

_FIELDS: Final = (Scalar, Stated, Members)
"""The kinds of facts that judge without a plug-in's code; one of its own could break a whole comparison."""
_METHOD: Final = re.compile(r"[A-Z]{1,16}")
_PATH: Final = re.compile(r"/[A-Za-z0-9/_.~{}-]{1,99}")


def misfits_of_probe(loaded: Probe, name: str) -> Iterator[str]:
    """Say what keeps a probe from being registered under that name."""
    if loaded.name != name:
        yield "is a probe of another name than its entry point"
    if loaded.on_by_default or loaded.sets or loaded.relate is not None or loaded.stands_in:
        yield "sets on_by_default, sets, relate or stands_in, which is not for plug-ins"
    if not (_METHOD.fullmatch(loaded.route.method) and _PATH.fullmatch(loaded.route.path)):
        yield "has a route that is no method and path"
    if loaded.options is not None and not _is_below(loaded.options, Options):
        yield "has options that are no envcheck.probes.base.Options"
    yield from _misfits_of_facts(loaded)
    if any(type(field) not in _FIELDS for field in loaded.fields):
        kinds = ", ".join(kind.__name__ for kind in _FIELDS)
        yield f"has a field that judges by itself; it may be one of {kinds}"
        return
    rules = [rule for field in loaded.fields for rule in field.rules]
    if any(not re.fullmatch(rf"{name}\.[a-z][a-z0-9_]{{0,39}}", rule.name) for rule in rules):
        yield f"has a rule whose name is not {name}.SOMETHING"
    if any(rule.holds.replace("{baseline}", "").count("{") for rule in rules):
        yield "has a rule that holds in words with braces other than {baseline}"


def _misfits_of_facts(probe: Probe) -> Iterator[str]:
    if not _is_below(probe.facts, Facts) or probe.facts is Facts:
        yield "has facts that are no class below envcheck.probes.base.Facts"
        return
    if raw := list(raw_texts(probe.facts)):
        named = ", ".join(each for each in raw if re.fullmatch("[a-z_ ]{1,40}", each)) or "a field"
        yield f"has facts that may hold raw text ({named}); text is a SafeText, and a few words are a StrEnum"


def _is_below(kind: object, base: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)


def misfits_of_format(loaded: Format, name: str) -> Iterator[str]:
    """Say what keeps a format from being registered under that name."""
    if loaded.name != name:
        yield "is a format of another name than its entry point"
    if loaded.on_by_default or loaded.on_by_default_in or loaded.elsewhere or loaded.needs or loaded.of_each:
        yield "sets more than name, files and of_checklist, which is not for plug-ins"
