"""A plug-in's probe as it is registered: what it gives is held against what it may give, each time anew."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, LiteralString, cast

from envcheck.errors import PluginError, ReplyRejected
from envcheck.judge.names import Names
from envcheck.model import Exchange, FailureClass
from envcheck.plugins.bounded import HungError, bounded
from envcheck.probes.base import Probe, Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from envcheck.probes.base import Asking, Facts, Options
    from envcheck.redact import Redactor

READ_S: Final = 10.0
"""How long a plug-in may take to read one reply: ours take milliseconds for the longest."""
MOST_REQUESTS: Final = 1000
"""Each time that it is asked; one that says more says something wrong."""


def guarded(probe: Probe, plugin: str) -> Probe:
    """Give a probe that asks and reads as this one does, and can break nothing but itself."""
    return replace(
        probe,
        plugin=plugin,
        ask=_guarded_ask(probe.ask, plugin),
        read=_Reader(probe, plugin),
        requests=_guarded_requests(probe.requests),
    )


def _guarded_ask(ask: Callable[[Asking], Awaitable[Exchange]], plugin: str) -> Callable[[Asking], Awaitable[Exchange]]:
    async def asked(asking: Asking) -> Exchange:
        try:
            exchange = await ask(asking)
        except (Exception, KeyboardInterrupt, asyncio.CancelledError):
            raise
        except BaseException as error:  # `sys.exit`, and what nobody else would catch
            raise PluginError(plugin, "tried to end the process while it asked") from error
        if not _are_exchanges((exchange, *getattr(exchange, "more", ()))):
            raise PluginError(plugin, "asked, and gave back what is no exchange")
        return exchange

    return asked


def _are_exchanges(given: tuple[object, ...]) -> bool:
    return all(isinstance(each, Exchange) and isinstance(each.body, bytes) for each in given)


def _guarded_requests(requests: Callable[[Options], int]) -> Callable[[Options], int]:
    def counted(options: Options) -> int:
        """Count before anything is sent, where a fault would be nobody's column: one that cannot tell sends one."""
        try:
            return min(max(1, int(requests(options))), MOST_REQUESTS)
        except Exception:  # noqa: BLE001 - see above
            return 1

    return counted


class _Reader:
    """Reads under a deadline, and lets nothing past that the redactor has not seen here."""

    def __init__(self, probe: Probe, plugin: str) -> None:
        self._probe = probe
        self._plugin = plugin
        self._has_hung = False

    def __call__(self, exchange: Exchange, redactor: Redactor) -> Reply:
        """Read one reply.

        Raises:
            ReplyRejected: the probe rejected it; the words are redacted.
            PluginError: the probe broke or hung, or gave what it may not give.

        """
        if self._has_hung:  # each one that hangs leaves a thread behind
            raise self._blamed("hung while it read a reply, so no other is given to it")
        try:
            reply = bounded(lambda: self._probe.read(exchange, redactor), READ_S)
            return self._safe(reply, redactor)
        except HungError as error:
            self._has_hung = True
            raise self._blamed("hung while it read a reply") from error
        except ReplyRejected as rejected:
            raise self._rejection(rejected, redactor) from None
        except PluginError:
            raise
        except Exception as error:
            raise self._blamed("broke while it read a reply") from error

    def _blamed(self, doing: LiteralString) -> PluginError:
        return PluginError(self._plugin, doing)

    def _safe(self, reply: object, redactor: Redactor) -> Reply:
        if not (isinstance(reply, Reply) and isinstance(reply.facts, self._probe.facts)):
            raise self._blamed("read facts that are not its own")
        if not all(each is None or _are_names(each) for each in reply.names.values()):
            raise self._blamed("gave names that are none")
        return replace(reply, facts=self._safe_facts(reply.facts, redactor))

    def _safe_facts(self, facts: Facts, redactor: Redactor) -> Facts:
        """Make the facts anew as those of a saved record are: each text is redacted, by whomever it was before."""
        return self._probe.facts.model_validate(facts.model_dump(), context=redactor)

    def _rejection(self, rejected: ReplyRejected, redactor: Redactor) -> ReplyRejected:
        detail = redactor.text(str(rejected.detail)) or "its plug-in rejects the reply"
        is_known = isinstance(rejected.failure_class, FailureClass)
        return ReplyRejected(
            rejected.failure_class if is_known else FailureClass.RESPONSE_SHAPE,
            cast("Any", detail),  # redacted, and no words of ours
            preview=None if rejected.preview is None else redactor.text(rejected.preview),
            status=rejected.status if isinstance(rejected.status, int) else None,
        )


def _are_names(names: object) -> bool:
    return isinstance(names, Names) and all(
        isinstance(each, frozenset) for each in (names.all, names.always, names.hidden)
    )
