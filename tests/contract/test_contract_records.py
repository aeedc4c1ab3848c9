"""The keys of the records and their order, as the contract's sections 3 and 5 list them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from cli_runs import run_envcheck
from gateways.good import Manner, good_gateway
from gateways.server import serving, serving_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EVIDENCE = (
    "schema_version generated_at tool run_id made_up asked environment vantage target safety checks transport summary"
)
TARGET = "base_url api_key_env requested_model selected_model probes timeout_s samples verify_tls"
CHECK = "probe request outcome http_status failure_class failure_detail error_preview facts latency"
LATENCY = "samples dns_ms connect_ms ttfb_ms body_ms total_ms taken failed voided"
MODELS_FACTS = (
    "model_count model_ids model_ids_sha256 sample_model_ids"
    " model is_listed retires_on context_length output_limit owned_by root"
)
CHAT_FACTS = "model model_answered choice_count finish_reason usage_present usage_fields content_kind response_fields"
FINDING = "rule severity environment baseline field expected actual n p state fingerprint"
COMPARISON = "schema_version baseline environments rows findings summary"


def in_order(record: Mapping[str, object], names: str) -> list[str]:
    """Give those keys of a record that the contract names, in the record's own order."""
    return [name for name in record if name in names.split()]


def test_evidence_has_the_keys_that_the_contract_lists_in_that_order(tmp_path: Path) -> None:
    """A script reads by name, and a person compares two files line by line."""
    with serving(good_gateway()) as server:
        ran = run_envcheck("probe", "--base-url", server.base_url, "--json", "--out", tmp_path / "a.json")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    record = json.loads((tmp_path / "a.json").read_bytes())
    assert list(record) == EVIDENCE.split()
    assert record["schema_version"] == "envcheck.evidence/1"
    assert record["generated_at"].endswith("Z")
    assert re.fullmatch("[0-9a-f]{16}", record["run_id"])
    assert (record["made_up"], record["asked"]) == (False, None)
    assert in_order(record["target"], TARGET) == TARGET.split()
    assert record["summary"] == {"ok": True, "failure_class": None}
    models, chat = record["checks"]
    for check in (models, chat):
        assert in_order(check, CHECK) == CHECK.split()
        assert in_order(check["latency"], LATENCY) == LATENCY.split()
    assert list(models["facts"]) == MODELS_FACTS.split()
    assert list(chat["facts"]) == CHAT_FACTS.split()


def test_a_comparison_and_its_findings_have_the_keys_that_the_contract_lists(tmp_path: Path) -> None:
    """Every finding names its rule, both environments, both values and the fingerprint it is known by."""
    config = tmp_path / "environments.toml"
    with serving_all([good_gateway(), good_gateway(Manner(usage=None, models=(("gpt-4o", "o9"),)))]) as (one, two):
        config.write_text(
            f'baseline = "a"\n[environments.a]\nbase_url = "{one.base_url}"\n'
            f'[environments.b]\nbase_url = "{two.base_url}"\n'
        )
        ran = run_envcheck("run", "-q", "-c", config, "--no-reports", "--json")
    record = json.loads(ran.stdout)
    assert in_order(record, COMPARISON) == COMPARISON.split()
    assert [list(row)[:3] for row in record["rows"]] == [["probe", "field", "cells"]] * len(record["rows"])
    assert {name for row in record["rows"] for name in row["cells"]} == {"a", "b"}
    assert {finding["rule"] for finding in record["findings"]} == {"models.removed", "models.added", "chat.usage"}
    for finding in record["findings"]:
        assert in_order(finding, FINDING) == FINDING.split()


@pytest.mark.parametrize(("served", "listed"), [(12, 12), (5000, 5000), (5001, 5000)])
def test_at_most_5000_ids_are_listed_and_the_hash_is_over_all(tmp_path: Path, served: int, listed: int) -> None:
    """What is past the cap still shows in the count and in the hash."""
    ids = [f"model-{number:05}" for number in range(served)]
    records = []
    for last in ("omega-1", "omega-2"):
        with serving(good_gateway(Manner(models=((*ids[:-1], last),)))) as server:
            ran = run_envcheck("probe", "--base-url", server.base_url, "--skip-chat", "--json")
        records.append(json.loads(ran.stdout)["checks"][0]["facts"])
    one, two = records
    assert one["model_count"] == served
    assert len(one["model_ids"]) == listed
    assert one["model_ids"] == sorted(one["model_ids"])
    assert one["sample_model_ids"] == one["model_ids"][:10]
    assert one["model_ids_sha256"] != two["model_ids_sha256"]
