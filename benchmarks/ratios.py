"""Ratios with their spread, and the Markdown tables that show them."""

from __future__ import annotations

from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

from tabulate import tabulate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.measure import Cost

_PERCENT_95: Final = 94
"""Of the 99 cuts that make a hundred parts."""


def ratios(values: Sequence[float], references: Sequence[float]) -> list[float]:
    """Hold each value against the reference of the same round."""
    return [value / reference for value, reference in zip(values, references, strict=True)]


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Say the median and, behind it, the smallest and the largest."""
    return f"**{median(values):.{digits}f}** ({min(values):.{digits}f} to {max(values):.{digits}f})"


def percentile_95(values: Sequence[float]) -> float:
    """Give the 95th percentile; of a single value, that value."""
    return quantiles(values, n=100, method="inclusive")[_PERCENT_95] if len(values) > 1 else values[0]


def cost_table(costs: dict[str, list[Cost]], reference: str) -> list[str]:
    """Show every contestant's costs as multiples of the reference's."""
    base = costs[reference]
    rows = [
        (
            name,
            spread(ratios([each.wall_s for each in own], [each.wall_s for each in base])),
            spread(ratios([each.cpu_s for each in own], [each.cpu_s for each in base])),
            spread(ratios([each.peak_bytes for each in own], [each.peak_bytes for each in base])),
        )
        for name, own in costs.items()
    ]
    return [
        *table(("", "wall", "CPU", "peak memory"), rows),
        "",
        f"Multiples of `{reference}`, {len(base)} rounds.",
    ]


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Make a Markdown table."""
    return tabulate(rows, headers, tablefmt="github", disable_numparse=True).splitlines()
