"""Made-up evidence of a run that is larger than any real one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from envcheck.demo.sample import sample_evidences
from envcheck.probes.models import ModelsFacts
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from envcheck.evidence import Evidence

SIZE: Final = 200
MODELS: Final = 5000
_MISSING: Final = 3
_NEW: Final = 2


def evidences() -> list[Evidence]:
    """Give one record for each environment; every other one lacks some models and has some of its own."""
    pattern = sample_evidences()[0]
    everywhere = [f"model-{number}-small" for number in range(MODELS)]
    elsewhere = [*everywhere[_MISSING:], *(f"model-{number}-next" for number in range(_NEW))]
    facts = [_facts(everywhere), _facts(elsewhere)]
    return [
        pattern.model_copy(
            update={
                "environment": f"e{number}",
                "checks": (pattern.checks[0].model_copy(update={"facts": facts[number % 2]}), *pattern.checks[1:]),
            }
        )
        for number in range(SIZE)
    ]


def _facts(served: list[str]) -> ModelsFacts:
    safe = Redactor().model_ids(served)
    ids = sorted(set(safe))
    return ModelsFacts(
        model_count=len(ids),
        model_ids=tuple(ids),
        model_ids_sha256=hashlib.sha256("\n".join(ids).encode()).hexdigest(),
        sample_model_ids=tuple(safe[:10]),
    )
