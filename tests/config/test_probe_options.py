"""`[….probe.NAME]`: what one probe is told, and what lies below it."""

from __future__ import annotations

import pytest
from config_texts import loads_one, refuses_one

CHAT_PARAMS = "chat_params = { temperature = 0, seed = 7 }\n"


@pytest.mark.parametrize("probe", ["chat", "tools", "structured"])
def test_parameters_of_chat_are_the_default_of_what_is_chat_shaped(probe: str) -> None:
    """A table of the probe's own goes before them, key by key."""
    environment = loads_one(f"{CHAT_PARAMS}[environments.prod.probe.{probe}]\nparams = {{ seed = 8 }}")
    assert environment.options[probe].params == {"temperature": 0, "seed": 8}
    assert loads_one(CHAT_PARAMS).options[probe].params == {"temperature": 0, "seed": 7}


@pytest.mark.parametrize("probe", ["embeddings", "responses"])
def test_parameters_of_chat_are_not_sent_where_nobody_chats(probe: str) -> None:
    """A vector has no temperature, and a gateway may refuse what it does not know."""
    environment = loads_one(f"{CHAT_PARAMS}[environments.prod.probe.{probe}]\nparams = {{ dimensions = 8 }}")
    assert environment.options[probe].params == {"dimensions": 8}
    assert probe not in loads_one(CHAT_PARAMS).options


def test_embeddings_alone_need_no_model_of_the_environments() -> None:
    """They would not ask it; responses would."""
    own = '[environments.prod.probe.embeddings]\nmodel = "bge-m3"'
    environment = loads_one(f'probes = ["embeddings"]\n{own}')
    assert environment.options["embeddings"].model == "bge-m3"
    (problem,) = refuses_one('probes = ["embeddings", "responses"]')
    assert "model: is needed where the models probe is left out" in problem
