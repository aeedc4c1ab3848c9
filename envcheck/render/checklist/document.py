"""The checklist as JSON, for scripts: the items, and whether they are ready."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from envcheck.comparison import READY, ItemState
from envcheck.render.checklist.page import is_ready
from envcheck.render.escape import for_json

if TYPE_CHECKING:
    from envcheck.comparison import Comparison


def document_of(comparison: Comparison) -> str:
    """Give the document of a comparison that holds a checklist; its items are those of `comparison.json`."""
    items = comparison.checklist
    head = None if comparison.checklist_head is None else comparison.checklist_head.model_dump(mode="json")
    document = {
        "ready": is_ready(items),
        "open": sum(item.state not in READY for item in items),
        "for_a_person": sum(item.state is ItemState.MANUAL for item in items),
        "made_up": comparison.made_up,
        **(head or {}),
        "tool": comparison.tool.model_dump(mode="json"),
        "checklist": [item.model_dump(mode="json") for item in items],
    }
    return for_json(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"
