"""The registry: a new probe is one module here and one name in `PROBES`.

The order is the order in which they run: `models` first, for its failure can spare the others.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.probes import chat, models

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.probes.base import Probe

_IN_ORDER: Final[tuple[Probe, ...]] = (models, chat)

PROBES: Final[Mapping[str, Probe]] = MappingProxyType({probe.NAME: probe for probe in _IN_ORDER})
