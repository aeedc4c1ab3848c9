from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gateways.good import model_list, openai_error
from gateways.wire import json_reply, reply
from leaks.benign import BENIGN
from leaks.echo_run import outputs
from leaks.kinds import KINDS
from leaks.places import Replies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KIND = "error"


def _sent_and_expected() -> Iterator[tuple[Replies, str, str]]:
    for message in BENIGN["messages"]:
        failing = json_reply(403, openai_error(message, kind=KIND))
        yield Replies(models=failing), "error_preview", f"{KIND}: {message}"
    for host in BENIGN["hosts"]:
        elsewhere = reply(302, b"", ("Location", f"https://{host}/v1/models"))
        yield Replies(models=elsewhere), "failure_detail", f"redirects to https://{host}/v1/models"


def test_what_honest_gateways_say_comes_through(tmp_path: Path) -> None:
    """Sentences and hosts from real gateways stand in the evidence as they were sent."""
    cases = list(_sent_and_expected())
    _, came_out = outputs(tmp_path, KINDS[0], [replies for replies, _, _ in cases])
    changed = {
        expected: shown
        for number, (_, field, expected) in enumerate(cases)
        if (shown := json.loads(came_out[f"e{number}.json"])["checks"][0][field]) != expected
    }
    assert len(cases) >= 150
    assert changed == {}


def test_model_ids_come_through(tmp_path: Path) -> None:
    """Ids of real models stand in the evidence as they were sent."""
    _, came_out = outputs(tmp_path, KINDS[0], [Replies(models=json_reply(200, model_list(BENIGN["models"])))])
    facts = json.loads(came_out["e0.json"])["checks"][0]["facts"]
    assert len(BENIGN["models"]) >= 80
    assert set(BENIGN["models"]) - set(facts["model_ids"]) == set()
