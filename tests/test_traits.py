"""Gateways with one trait each, held against a baseline without it by the runner and by the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from collecting import environment_at, run
from evidences import TODAY, WHEN
from pydantic import SecretStr

from envcheck.compare import Memory, compare
from envcheck.policy import Policy
from gateways.refusing import KEY
from gateways.server import serving_all
from gateways.traits import capabilities, errors, identity, in_use, streams, way

if TYPE_CHECKING:
    from envcheck.comparison import Comparison
    from gateways.traits import Trait

TRAITS = (
    *in_use.TRAITS,
    in_use.UNLISTED,
    *way.TRAITS,
    *streams.TRAITS,
    *capabilities.TRAITS,
    *errors.TRAITS,
    *identity.TRAITS,
)


def held(trait: Trait) -> Comparison:
    """Ask a trait's gateway and its baseline, and hold them against each other."""
    with serving_all([trait.baseline, trait.gateway]) as servers:
        environments = [
            environment_at(
                server.base_url,
                name,
                api_key=SecretStr(KEY),
                api_key_env="KEY",
                model="gpt-4o-mini",
                record_headers=way.RECORDED,
                probes=tuple(dict.fromkeys(("models", "chat", trait.probe))),
            )
            for name, server in zip(("production", "staging"), servers, strict=True)
        ]
        collected = run(environments)
    assert collected.faults == []
    return compare(
        [collected.evidences[each.name] for each in environments],
        baseline="production",
        policy=Policy(),
        generated_at=WHEN,
        today=TODAY,
        memory=Memory(names=collected.names),
    )


@pytest.mark.parametrize("trait", TRAITS, ids=lambda trait: trait.name)
def test_a_trait_is_found_by_its_rule_and_nothing_else_is(trait: Trait) -> None:
    """One way to differ is one thing to read about, whichever probe sees it."""
    assert {(each.rule, each.field) for each in held(trait).findings} == trait.finds
