"""The numbers of a run for Prometheus: a result goes in, a file for node_exporter's textfile collector comes out.

Only this room knows `prometheus_client`, which is no part of envcheck's own installation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Result


def prometheus_files(result: Result) -> Iterator[tuple[str, str]]:
    """Yield `envcheck.prom`; nothing where nothing was compared.

    A run that was cut short leaves the file of the last one, whose time says how old it is.
    """
    from envcheck.render.prometheus.exposition import exposition_of  # noqa: PLC0415 - `--help` imports this package

    if result.comparison is not None:
        yield "envcheck.prom", exposition_of(result.comparison, result.evidences)
