"""Nights of a cron job: gateways on loopback that change from one to the next, and a clock that a test sets."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kept_runs import no_secret

from cli_runs import run_envcheck
from envcheck.comparison import Comparison
from envcheck.evidence import Evidence, Latency
from envcheck.history import keep, opened
from gateways.faults import whole
from gateways.good import GOOD, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo
    from pathlib import Path

    import pytest

    from cli_runs import Ran
    from gateways.server import Server

FIRST: Final = datetime(2026, 11, 16, 3, 15, tzinfo=UTC)
DOWN: Final = None
"""In the place of a gateway's manners: it answers every request with 503."""
_TIMES: Final = re.compile(r"\d[\d.,]*(?= ms|×)|(?<=since )[\d-]+ [\d:]+(?= UTC)")

_UNJUDGED: Final = re.compile(
    r"; latency not judged \(1 sample\)(: [\w ,]+)?(?=[;.]| \(exit)|, latency not judged \(1 sample\): \w+"
    r"|latency not judged \(the probe failed on the other side\): \w+, "
)
"""What is said of a sample, but for one that this machine was too busy to take."""


class Clock(datetime):
    """A `datetime` whose `now` a test sets."""

    moment = FIRST

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Clock:
        return cls.fromtimestamp(cls.moment.timestamp(), tz)


@dataclass
class Nights:
    """A folder with a file of environments, whose gateways stay at their ports and change from night to night."""

    folder: Path
    servers: Mapping[str, Server]
    names: dict[str, str] = field(default_factory=dict)
    """What an environment is called in the file, where that is not the name of its gateway."""

    def write_file(self) -> None:
        tables = (
            f'[environments.{self.names.get(name, name)}]\nbase_url = "{server.base_url}"\n'
            for name, server in self.servers.items()
        )
        (self.folder / "environments.toml").write_text('baseline = "production"\n' + "".join(tables))

    def become(self, **manners: Manner | None) -> None:
        """Let gateways change; whoever is not named stays as it is."""
        for name, manner in manners.items():
            gateway = good_gateway(GOOD if manner is None else manner)
            no = whole(503)
            self.servers[name].gateway = replace(gateway, models=no, chat=no) if manner is DOWN else gateway

    def night(self, number: int, *command: str, hours: int = 0) -> Ran:
        """Run a command in the given night, counted from 1, or so many hours after it."""
        Clock.moment = FIRST + timedelta(days=number - 1, hours=hours)
        return run_envcheck(*command)


@contextmanager
def nights_of(folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[Nights]:
    """Serve a gateway for each name, and set the clock of what runs meanwhile, which is that of Greenwich."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr("envcheck.api.dates.datetime", Clock)
    monkeypatch.setattr("envcheck.run.visit.datetime", Clock)
    with serving_all([good_gateway() for _ in names]) as servers:
        nights = Nights(folder, dict(zip(names, servers, strict=True)))
        nights.write_file()
        yield nights
    monkeypatch.undo()
    time.tzset()


def told(ran: Ran) -> str:
    """Give what a run printed, on stderr too, without what hangs on how busy this machine is."""
    said = _UNJUDGED.sub("", _TIMES.sub("N", ran.stdout + ran.stderr)).rstrip("\n")
    return f"exit {ran.code}" + (f"\n{said}" if said else ", silent")


def plant_nights_before(path: Path, reports: Path, number: int) -> None:
    """Keep so many nights before the one that left these reports, when all was as it was then, without latencies."""
    records = [Evidence.model_validate_json(each.read_text()) for each in sorted(reports.glob("[!c]*.json"))]
    comparison = Comparison.model_validate_json((reports / "comparison.json").read_text())
    with opened(path) as history:
        for ago in range(1, number + 1):
            moved = {"generated_at": comparison.generated_at - timedelta(days=ago), "run_id": f"{ago:016x}"}
            earlier = [_without_latencies(record).model_copy(update=moved) for record in records]
            keep(history, comparison.model_copy(update=moved), earlier, check=no_secret)


def _without_latencies(record: Evidence) -> Evidence:
    checks = (check.model_copy(update={"latency": Latency()}) for check in record.checks)
    return record.model_copy(update={"checks": tuple(checks)})


_PLANTED: Final = """
INSERT OR REPLACE INTO latencies (environment, field, run, asked, median_ms, samples)
SELECT environment, 'chat.latency', run, asked, iif(run < ?, 2, 80) + (run / 86400000) * 7919 % 11 / 10.0, 1
FROM records JOIN (SELECT DISTINCT environment, asked FROM latencies WHERE field = 'chat.latency') USING (environment)
"""


def plant_latencies(path: Path, *, slow_since: int) -> None:
    """Let a chat in every night that is kept take a few milliseconds, and some 80 from one night on.

    What it really took hangs on this machine, which may have been too busy to tell.
    """
    since = (FIRST + timedelta(days=slow_since - 1)).timestamp() * 1000
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_PLANTED, (since,))
