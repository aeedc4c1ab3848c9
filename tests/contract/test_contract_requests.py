"""What goes over the wire, sentence by sentence of the contract's sections 2, 3 and 4."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cli_runs import run_envcheck
from gateways.faults import says, whole
from gateways.good import good_gateway, openai_error
from gateways.server import serving, serving_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cli_runs import Ran
    from envcheck.model import JsonValue


def run(folder: Path, text: str, *arguments: str, variables: Mapping[str, str] | None = None) -> Ran:
    """Run a file of this text, and write its reports beside it."""
    config = folder / "environments.toml"
    config.write_text(text)
    return run_envcheck("run", "-q", "-c", config, "-o", folder / "reports", *arguments, variables=variables)


def checks(folder: Path, environment: str) -> list[Mapping[str, JsonValue]]:
    """Read an environment's checks."""
    found = json.loads((folder / "reports" / f"{environment}.json").read_text())["checks"]
    assert isinstance(found, list)
    return found


def test_by_default_only_model_messages_and_stream_are_sent(tmp_path: Path) -> None:
    """A gateway that refuses one more parameter is still asked nothing it could refuse."""
    with serving(good_gateway()) as server:
        run(tmp_path, f'[environments.a]\nbase_url = "{server.base_url}/"\n')
    models, chat = server.requests
    assert (models.method, models.target, models.body) == ("GET", "/v1/models", b"")
    assert (chat.method, chat.target) == ("POST", "/v1/chat/completions")
    assert set(chat.json()) == {"model", "messages", "stream"}
    assert chat.json()["stream"] is False


def test_every_key_of_an_environment_reaches_its_requests_from_defaults_too(tmp_path: Path) -> None:
    """Tables are merged key by key, and the environment's own entry wins, whatever the case of a header's name."""
    with serving(good_gateway()) as server:
        run(
            tmp_path,
            """[defaults]
model = "asked-by-default"
prompt = "Say something short."
headers = { "X-Team" = "${TEAM}", "X-Tier" = "one" }
query = { api-version = "2024-10-21" }
chat_params = { max_tokens = 16, seed = 1 }
[environments.a]
base_url = "${HOST}/v1"
api_key_env = "SOME_KEY"
auth_header = "api-key"
headers = { "x-tier" = "two" }
query = { region = "a b&" }
chat_params = { max_tokens = 5 }
""",
            variables={"HOST": server.base_url.removesuffix("/v1"), "TEAM": "blue", "SOME_KEY": "made-up-key-12345"},
        )
    assert len(server.requests) == 2
    for request in server.requests:
        assert request.target.partition("?")[2] == "api-version=2024-10-21&region=a+b%26"
        sent = {name: request.headers.get(name) for name in ("x-team", "x-tier", "api-key", "authorization")}
        assert sent == {"x-team": "blue", "x-tier": "two", "api-key": "made-up-key-12345", "authorization": None}
    assert server.requests[1].json() == {
        "model": "asked-by-default",
        "messages": [{"role": "user", "content": "Say something short."}],
        "stream": False,
        "max_tokens": 5,
        "seed": 1,
    }


def test_a_redirect_is_never_followed_and_its_host_is_the_detail(tmp_path: Path) -> None:
    """Whoever is redirected to sees nobody, least of all with the key."""
    with serving(good_gateway()) as elsewhere:
        moved = whole(307, b"", ("Location", elsewhere.base_url + "/models?token=made-up-token-12345"))
        with serving(replace(good_gateway(), models=moved)) as server:
            run(tmp_path, f'[environments.a]\nbase_url = "{server.base_url}"\n')
        assert elsewhere.connections == 0
    models = checks(tmp_path, "a")[0]
    assert models["failure_class"] == "base_url_or_route"
    assert f"127.0.0.1:{elsewhere.port}" in str(models["failure_detail"])
    assert "made-up-token-12345" not in str(models)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_nothing_is_sent_without_the_key_and_the_others_run(tmp_path: Path, value: str | None) -> None:
    """An unset key and an empty one are the same failure, and no reason to leave the others out."""
    with serving_all([good_gateway(), good_gateway()]) as (one, two):
        ran = run(
            tmp_path,
            f"""baseline = "a"
[environments.a]
base_url = "{one.base_url}"
[environments.b]
base_url = "{two.base_url}"
api_key_env = "SOME_KEY"
""",
            variables={} if value is None else {"SOME_KEY": value},
        )
        assert two.connections == 0
    assert ran.code == 4
    assert [check["failure_class"] for check in checks(tmp_path, "b")] == ["missing_key", None]
    assert [check["outcome"] for check in checks(tmp_path, "a")] == ["pass", "pass"]


@pytest.mark.parametrize(
    ("status", "requests"),
    [(401, 1), (402, 1), (408, 1), (429, 1), (503, 1), (403, 2), (404, 2), (418, 2)],
)
def test_chat_is_skipped_after_some_failures_of_models_and_runs_after_others(
    tmp_path: Path, status: int, requests: int
) -> None:
    """A gateway that refuses the key is asked once; one that has no list may still answer for a configured model."""
    gateway = replace(good_gateway(), models=says(status, openai_error("No.")))
    with serving(gateway) as server:
        run(tmp_path, f'[environments.a]\nbase_url = "{server.base_url}"\nmodel = "gpt-4o"\n')
    assert [request.method for request in server.requests] == ["GET", "POST"][:requests]
    assert checks(tmp_path, "a")[1]["outcome"] == ("skipped" if requests == 1 else "pass")


def test_text_that_a_server_wrote_is_in_no_output_where_that_is_asked_for(tmp_path: Path) -> None:
    """`server_text = false` leaves no error preview in any report and on neither stream."""
    gateway = replace(good_gateway(), chat=says(400, openai_error("Marmalade is out of stock", code="marmalade")))
    with serving(gateway) as server:
        ran = run(tmp_path, f'[environments.a]\nbase_url = "{server.base_url}"\nserver_text = false\n')
    chat = checks(tmp_path, "a")[1]
    assert (chat["failure_class"], chat["error_preview"]) == ("http_400", None)
    outputs = [ran.stdout, ran.stderr, *(path.read_text() for path in (tmp_path / "reports").iterdir())]
    assert len(outputs) == 6
    assert not any("marmalade" in output.lower() for output in outputs)
