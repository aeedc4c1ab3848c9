"""A plug-in's probe by itself, as it is registered: what it may give, and how often it may hang."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import pytest

from envcheck.errors import PluginError
from envcheck.model import Exchange, Request, Route
from envcheck.plugins import guard
from envcheck.plugins.bounded import HungError, bounded
from envcheck.plugins.guard import MOST_REQUESTS, guarded
from envcheck.probes.base import Facts, Options, Probe, Reply
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable

    from envcheck.probes.base import Asking

EXCHANGE = Exchange(Request(Route("GET", "/toy")), status=200)


class ToyFacts(Facts):
    """One number."""

    answer: int = 0


async def never_asked(_asking: Asking) -> Exchange:
    return EXCHANGE


def probe(read: Callable[[Exchange, Redactor], Reply]) -> Probe:
    made = Probe(
        name="toy", route=Route("GET", "/toy"), facts=ToyFacts, fields=(), ask=never_asked, read=read, needs_model=False
    )
    return guarded(made, "toy-plugin")


def test_one_that_hung_is_given_no_second_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would leave a thread behind that nothing can end."""
    monkeypatch.setattr(guard, "READ_S", 0.05)
    given = []

    def read(exchange: Exchange, _redactor: Redactor) -> Reply:
        given.append(exchange)
        time.sleep(0.5)
        return Reply(ToyFacts())

    toy = probe(read)
    with pytest.raises(PluginError, match=r"toy-plugin hung while it read a reply$"):
        toy.read(EXCHANGE, Redactor())
    with pytest.raises(PluginError, match="so no other is given to it"):
        toy.read(EXCHANGE, Redactor())
    assert given == [EXCHANGE]


def test_names_that_are_none_are_refused() -> None:
    """They are held together in memory, in the comparison of all environments."""
    toy = probe(lambda _exchange, _redactor: Reply(ToyFacts(), names={"answer": {"a"}}))  # type: ignore[dict-item]  # it is wrong
    with pytest.raises(PluginError, match="gave names that are none"):
        toy.read(EXCHANGE, Redactor())


class Unheard(BaseException):
    """What nothing that catches exceptions catches."""


def test_what_it_raises_while_it_asks_ends_no_run_whatever_class_it_is_of() -> None:
    """Or a traceback with all that it says would be the last of a run."""

    async def ask(_asking: Asking) -> Exchange:
        raise Unheard

    made = replace(probe(lambda _exchange, _redactor: Reply(ToyFacts())), ask=ask)
    with pytest.raises(PluginError, match="toy-plugin tried to end the process while it asked"):
        anyio.run(guarded(made, "toy-plugin").ask, None)  # type: ignore[arg-type]  # it does not look


@pytest.mark.parametrize(
    ("says", "counted"), [(2, 2), (0, 1), (-5, 1), (10**9, MOST_REQUESTS), ("many", 1), (None, 1), (float("nan"), 1)]
)
def test_how_many_requests_it_sends_is_a_number_whatever_it_says(says: object, counted: int) -> None:
    """It is asked before anything is sent, where a fault would be nobody's column."""
    made = replace(
        probe(lambda _exchange, _redactor: Reply(ToyFacts())),
        requests=lambda _options: says,  # type: ignore[arg-type,return-value]  # a test's own
    )
    assert guarded(made, "toy-plugin").requests(Options()) == counted


def test_a_stranger_cannot_end_the_process_and_may_give_nothing() -> None:
    """What is no `Exception` is made one; and None is a result as any other."""

    def leave() -> None:
        raise SystemExit(3)

    with pytest.raises(RuntimeError, match="tried to end the process"):
        bounded(leave, 5)
    with pytest.raises(HungError):
        bounded(lambda: time.sleep(0.5), 0.01)
    assert bounded(lambda: None, 5) is None
