"""Packages that are installed for a test alone: metadata and a module in a folder, as pip would leave them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE = Path(__file__).parents[2] / "examples" / "envcheck-rerank"

PROBE = """
import time

import anyio
from pydantic import Field

from envcheck.plugins.kit import *


class ToyFacts(Facts):
    answer: int = 0
    name: SafeText | None = None


class ToyOptions(Options):
    shade: str = "blue"


async def ask(asking):
    return await asking.send(Request(Route("GET", "/toy")))


def read(exchange, redactor):
    return Reply(ToyFacts(answer=parsed(exchange)["answer"]))


ANSWER = Rule("toy.answer", Severity.WARN, "another answer", "1, 2", holds="the answer is that of {baseline}")
told = dict(name="toy", route=Route("GET", "/toy"), facts=ToyFacts, fields=(Scalar("answer", ANSWER),), ask=ask,
            read=read, needs_model=False, options=ToyOptions)
"""
"""The head of a module; a test says what is wrong with the rest."""
TOY = PROBE + "TOY = Probe(**told)\n"


def install(folder: Path, name: str, module: str, **groups: Mapping[str, str]) -> None:
    """Put a package into a folder; `groups` are its entry points, by `probes` and `formats`."""
    spelled = name.replace("-", "_")
    (folder / f"{spelled}.py").write_text(module)
    info = folder / f"{spelled}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = []
    for group, points in groups.items():
        lines += [f"[envcheck.{group}]", *(f"{each} = {spelled}:{place}" for each, place in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines))
