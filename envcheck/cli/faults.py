"""Telling of a fault of our own: which class it was, and where it was raised for whoever asks for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.cli.console import Console

DEBUG_VARIABLE: Final = "ENVCHECK_DEBUG"


def tell_fault(console: Console, error: BaseException, *, where: str = "") -> None:
    """Say that envcheck itself broke; an exception's text is never shown as it is, for it may quote a secret.

    Of an `ExceptionGroup` the classes of what stands in it are named, for its own says nothing.
    """
    if console.variables.get(DEBUG_VARIABLE):
        import traceback  # noqa: PLC0415 - only a fault that is being looked into needs it

        console.complain(*console.scrubbed("".join(traceback.format_exception(error))).splitlines())
    if isinstance(error, PluginError):
        console.complain(f"{error}{where}{_by(error)}; set {DEBUG_VARIABLE}=1 for a redacted traceback")
        return
    names = ", ".join(dict.fromkeys(type(each).__name__ for each in _raised(error)))
    console.complain(f"internal fault{where} ({names}); set {DEBUG_VARIABLE}=1 for a redacted traceback, and report it")


def _by(error: PluginError) -> str:
    """Name the class of what a plug-in raised, where it raised anything."""
    return "" if error.__cause__ is None else f" ({type(error.__cause__).__name__})"


def _raised(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _raised(each)
    else:
        yield error
