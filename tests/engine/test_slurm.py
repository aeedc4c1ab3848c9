"""deploy/slurm against a real Slurm: a large fleet in parts, one of them killed, comes to what one run finds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Final
from zlib import crc32

import pytest
from checkout import ROOT
from object_storage import BUCKET, Front, object_storage
from shards import judged

from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from pathlib import Path

    from engine.cluster import Cluster

pytestmark = pytest.mark.engine

ENVIRONMENTS: Final = 1_000
SHARDS: Final = 10
KILLED: Final = 3
_LIMIT_S: Final = 400.0
_MANNERS: Final = {
    "plain": Manner(),
    "lacks": Manner(models=(MODELS[:1],)),
    "other": Manner(answered_model="gpt-4o-2024-08-06"),
    "no-usage": Manner(usage=None),
}


class Faults:
    """What the storage does: each object's first request fails, and one part cannot end until it is killed."""

    def __init__(self) -> None:
        self.is_at_its_end = threading.Event()
        self.is_killed = threading.Event()
        self.refused = 0
        self._seen: set[tuple[str, str]] = set()

    def __call__(self, method: str, path: str) -> int | None:
        if method == "PUT" and path.endswith(f"/shard-{KILLED}/comparison.json") and not self.is_killed.is_set():
            self.is_at_its_end.set()
            return 0
        if (method, path) in self._seen or crc32(f"{method} {path}".encode()) % 7:
            return None
        self._seen.add((method, path))
        self.refused += 1
        return 503


def fleet(urls: dict[str, str]) -> str:
    """Write the file of a baseline and so many environments, most of which are as it is."""
    kinds = ["plain"] * 96 + ["lacks", "other", "no-usage", "other"]
    tables = [f'[environments.production]\nbase_url = "{urls["production"]}"']
    tables += [
        f'[environments.gateway-{number:04}]\nbase_url = "{urls[kinds[number * 37 % 100]]}"'
        for number in range(1, ENVIRONMENTS)
    ]
    return 'baseline = "production"\n[defaults]\nmodel = "gpt-4o"\n' + "\n".join(tables) + "\n"


def written(front: Front, tmp_path: Path, variables: dict[str, str]) -> dict[str, object]:
    """Give the comparison that the merge wrote, as `compare` would read it."""
    code = (
        "import sys; from envcheck.places import place_named; from envcheck.store import load_comparison;"
        "print(load_comparison(place_named(sys.argv[1])).model_dump_json())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, f"s3://{BUCKET}/night/all"],
        env=variables, capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    document: dict[str, object] = json.loads(done.stdout)
    return document


def test_a_thousand_environments_in_ten_tasks_come_to_what_one_run_finds(slurm: Cluster, tmp_path: Path) -> None:
    """An array of real jobs, a merge that waits for them, a storage with faults, and one task killed at its end."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "envcheck"
    command.write_text(f'#!/bin/bash\nexec {sys.executable} -m envcheck "$@"\n')
    command.chmod(0o755)
    faults = Faults()
    with serving_all([good_gateway(), *map(good_gateway, _MANNERS.values())]) as servers, object_storage() as front:
        urls = {name: server.base_url for name, server in zip(("production", *_MANNERS), servers, strict=True)}
        config = tmp_path / "environments.toml"
        config.write_text(fleet(urls))
        own = {
            **slurm.variables,
            **front.variables(),
            "PATH": f"{tmp_path}/bin:{os.environ['PATH']}:/usr/sbin",
            "ENVCHECK_CONFIG": str(config),
            "ENVCHECK_REPORTS": f"s3://{BUCKET}/night",
            "ENVCHECK_SHARDS": str(SHARDS),
        }
        whole = subprocess.run(
            [command, "run", "--no-reports", "--json", "-q"], env=own, capture_output=True, text=True, check=False
        )
        assert whole.returncode == 3, whole.stderr
        front.refuses = faults
        submitted = subprocess.run(
            [ROOT / "deploy/slurm/submit.sh"], env=own, capture_output=True, text=True, check=True, cwd=tmp_path
        )
        array, merge = submitted.stdout.split()
        assert faults.is_at_its_end.wait(_LIMIT_S), slurm.ask("squeue")
        killed = f"{array}_{KILLED}"
        slurm.ask("scontrol", "requeue", killed)
        faults.is_killed.set()
        slurm.ask("scontrol", "update", f"JobId={killed}", "StartTime=now")  # it would wait two minutes
        slurm.wait_for_end(_LIMIT_S)
        assert slurm.field(killed, "Restarts") == "1"
        log = (tmp_path / f"slurm-{merge}.out").read_text()
        assert slurm.field(merge, "ExitCode") == "3:0", log
        merged = written(front, tmp_path, own)
    assert f"putting {SHARDS} of {SHARDS} shards together: {ENVIRONMENTS - 1:,} of {ENVIRONMENTS - 1:,}" in log
    assert faults.refused > 20
    assert judged(merged) == judged(json.loads(whole.stdout))
