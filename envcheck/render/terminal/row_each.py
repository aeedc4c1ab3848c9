"""A comparison in a terminal with a row for each environment, where they do not fit side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.render.bands import nothing_to_tell
from envcheck.render.escape import for_terminal
from envcheck.render.marks import MARKS
from envcheck.render.terminal.cells import BASELINE, STYLES, block, heading
from envcheck.render.terminal.grid import GAP, Block
from envcheck.render.terminal.layout import share_out, width_of, wrap
from envcheck.render.terminal.palette import Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Comparison
    from envcheck.render.bands import Band


class RowEach:
    """The arrangement for any number of environments: how each probe went, and what differs."""

    def __init__(self, comparison: Comparison, bands: Sequence[Band], width: int) -> None:
        self._comparison = comparison
        self._bands = bands
        self._words = {name: list(self._in_words(name)) for name in comparison.environments}
        columns = list(self._narrow_columns())
        wanted = [max(map(width_of, column)) for column in columns]
        room = width - GAP * len(columns)
        # What differs has two fifths of the width before a long name has more.
        taken = share_out(wanted, min(sum(wanted), room * 3 // 5))
        self._widths = [*taken, room - sum(taken)]

    def headers(self) -> list[Block]:
        """Name the probes."""
        titles = ["environment", *(band.probe for band in self._bands), "what differs"]
        return [Block.of(wrap(text, width), Style.BOLD) for text, width in zip(titles, self._widths, strict=True)]

    def bands(self) -> list[list[list[Block]]]:
        """Give one row for each environment, in one band."""
        return [[self._row(name) for name in self._comparison.environments]]

    def _row(self, name: str) -> list[Block]:
        first, *narrow, last = self._widths
        words = zip(self._words[name], narrow, strict=True)
        return [
            heading(name, self._comparison, first),
            *(Block.of(wrap(said, width), style) for (said, style), width in words),
            Block(tuple(line for part in self._told(name, last) for line in part.lines)),
        ]

    def _in_words(self, name: str) -> Iterator[tuple[str, Style]]:
        for band in self._bands:
            state, said = band.in_a_word(name, nothing_to_tell(name, self._comparison))
            yield for_terminal(f"{MARKS[state].symbol} {said}".strip()), STYLES[state]

    def _narrow_columns(self) -> Iterator[list[str]]:
        yield ["environment", BASELINE, *self._comparison.environments]
        for index, band in enumerate(self._bands):
            yield [band.probe, *(words[index][0] for words in self._words.values())]

    def _told(self, name: str, width: int) -> Iterator[Block]:
        if name == self._comparison.baseline:
            facts = [f"{field} {value}" for band in self._bands for field, value in band.facts(name)]
            yield Block.of(wrap(for_terminal(", ".join(facts)), width))
        else:
            for band in self._bands:
                for field, cell in band.worth_telling(name):
                    yield block(cell, width, band.notes(name, cell), f"{band.probe}.{field}")
        latencies = [f"{band.probe} {latency}" for band in self._bands if (latency := band.latency(name)) is not None]
        if latencies:
            yield Block.of(wrap(for_terminal(f"latency: {', '.join(latencies)}"), width))
