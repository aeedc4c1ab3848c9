"""deploy/kubernetes: held by the API's schemas, and its own command lines do what they are there for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import kubernetes_validate
import pytest
from object_storage import object_storage, use

from deploy.manifests import INDEX, arguments_of, documents, of_kind, pods, set_for
from envcheck import __version__
from envcheck.errors import ExitCode
from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran


@pytest.mark.parametrize("document", documents(), ids=lambda each: f"{each['kind']} {each['metadata']['name']}")
def test_a_manifest_is_what_the_api_takes(document: dict[str, Any]) -> None:
    """No field is misspelt, missing or of another type, by the oldest API that has all of them and by the newest."""
    for version in ("1.33", kubernetes_validate.latest_version()):
        kubernetes_validate.validate(document, version, strict=True)


@pytest.mark.parametrize("name", pods())
def test_a_pod_may_do_what_it_needs_and_no_more(name: str) -> None:
    """No token of the cluster, no root, nothing to write to, bounded, and keys from a Secret alone."""
    pod = pods()[name]
    (container,) = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(container["resources"]["limits"]) == {"cpu", "memory"}
    assert container["envFrom"] == [{"secretRef": {"name": "envcheck-keys"}}]
    assert container["image"].endswith(f":{__version__}")


def test_there_are_as_many_parts_as_are_merged() -> None:
    """The number stands in three places, and one that is forgotten would be a part that is missing."""
    (fleet,) = (job["spec"] for job in of_kind("Job") if job["spec"].get("completionMode") == "Indexed")
    merged = [each for each in arguments_of("envcheck-merge", {}) if "/shard-" in each]
    assert str(fleet["completions"]) == set_for("envcheck-fleet")["ENVCHECK_SHARDS"]
    assert merged == [
        next(each for each in arguments_of("envcheck-fleet", {INDEX: str(index)}) if "/shard-" in each)
        for index in range(fleet["completions"])
    ]


def test_each_vantage_has_a_place_of_its_own() -> None:
    """What is held against is what the same place wrote the night before, and it runs where it says it looks from."""
    for name in (cron["metadata"]["name"] for cron in of_kind("CronJob")):
        arguments = arguments_of(name, {})
        vantage = arguments[arguments.index("--vantage") + 1]
        assert pods()[name]["nodeSelector"]["topology.kubernetes.io/region"] == vantage
        place = arguments[arguments.index("-o") + 1]
        assert place.endswith(f"/{vantage}")
        assert arguments[arguments.index("--against") + 1] == place


def found_in(ran: Ran) -> list[tuple[str, str]]:
    """Give who was found and why, in no order of the files."""
    return sorted((each["environment"], each["rule"]) for each in json.loads(ran.stdout)["findings"])


def test_the_command_lines_of_the_manifests_do_the_whole_job(
    envcheck: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Ten pods, a merge of what they left in a storage, and two nights of a vantage, as the manifests have them."""
    lacking = Manner(models=(MODELS[:1],))
    with (
        serving_all([good_gateway(), good_gateway(lacking)]) as (good, other),
        object_storage("envcheck-reports") as front,
    ):
        variables = use(front, monkeypatch)
        servers = {"production": good, "staging": other, "lab": other}
        tables = (
            f'[environments.{name}]\nbase_url = "{server.base_url}"\nprobes = ["models"]\n'
            for name, server in servers.items()
        )
        (tmp_path / "environments.toml").write_text('baseline = "production"\n' + "".join(tables))

        def pod(name: str, index: int | None = None) -> Ran:
            own = {} if index is None else {INDEX: str(index)}
            of_pod = {**variables, **set_for(name), **own}
            return envcheck(*arguments_of(name, own), "-q", variables=of_pod)

        parts = [pod("envcheck-fleet", index) for index in range(10)]
        assert {part.code for part in parts} == {ExitCode.OK}, parts[0].stderr
        merged = pod("envcheck-merge")
        assert merged.code == ExitCode.DIFFERS, merged.stderr
        whole = envcheck("run", "--no-reports", "--json", "-q")
        found = envcheck("compare", "s3://envcheck-reports/fleet/all", "--json", "-q", variables=variables)
        assert found_in(found) == found_in(whole)
        nights = [pod("envcheck-eu-west") for _ in range(2)]
        assert [night.code for night in nights] == [ExitCode.DIFFERS] * 2, nights[1].stderr
