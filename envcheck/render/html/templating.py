"""How templates are read: every one escapes by itself, and a name that nobody gave is a mistake."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from envcheck.render.escape import for_terminal


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("envcheck.render.html"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def page(template: str, **given: object) -> str:
    """Fill in a template of this room.

    Raises:
        jinja2.UndefinedError: the template names something that was not given.

    """
    return _environment().get_template(template).render(**given)


def _harmless(value: object) -> object:
    """Take out what steers a reader's eye, such as bidi overrides; escaping leaves these as they are."""
    return for_terminal(value) if isinstance(value, str) and not isinstance(value, Markup) else value
