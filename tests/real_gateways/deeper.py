"""The servers of the deeper probes: aimock that answers each of our prompts, LiteLLM and nginx before it, llama.cpp."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from real_gateways import install
from real_gateways.nginx_conf import forwarding
from real_gateways.process import accepts, answers, free_ports, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from real_gateways.made_up import Secrets
    from real_gateways.servers import Command

MODEL: Final = "gpt-4o-mini"
EMBEDS: Final = "text-embedding-3-small"
LLAMAS: Final = "tiny"
BASELINE: Final = "aimock"
_NUMBERS: Final = " ".join(map(str, range(1, 41)))
_FIXTURES: Final = (
    ("Count from 1 to 40", {"content": _NUMBERS}),
    ("Report the colour of the sky", {"toolCalls": [{"name": "report_colour", "arguments": '{"colour": "blue"}'}]}),
    ("Reply in plain text, without any JSON", {"content": '{"material": "linen"}'}),
    ("Reply with the single word", {"content": "pong"}),
)
"""By how a probe's prompt begins."""
_BETWEEN_CHUNKS_MS: Final = "20"


@contextmanager
def deeper(folder: Path, secrets: Secrets) -> Iterator[Mapping[str, str]]:
    """Start what is installed; give the base URL of each environment by name."""
    aimock, litellm, nginx, llama = free_ports(4)
    urls = {BASELINE: f"http://127.0.0.1:{aimock}/v1"}
    with ExitStack() as started:
        started.enter_context(_aimock(folder, secrets, aimock))
        if install.is_installed("litellm"):
            started.enter_context(_litellm(folder, secrets, litellm, urls[BASELINE]))
            urls["litellm"] = f"http://127.0.0.1:{litellm}/v1"
        if install.is_installed("nginx"):
            started.enter_context(_nginx(folder, nginx, aimock, litellm))
            urls |= {f"{name}-nginx": f"http://127.0.0.1:{nginx}/{name}/v1" for name in tuple(urls)}
        if install.is_installed("llama"):
            started.enter_context(_llama(folder, secrets, llama))
            urls["llama"] = f"http://127.0.0.1:{llama}/v1"
        yield urls


def environments_toml(urls: Mapping[str, str]) -> str:
    """Write the file that `envcheck run -c` reads."""
    lines = [f'baseline = "{BASELINE}"', "[defaults]", "timeout_s = 20"]
    for name, url in urls.items():
        is_llama = name == "llama"
        server = name.removesuffix("-nginx")
        lines += [f"[environments.{name}]", f'base_url = "{url}"', f'api_key_env = "{server.upper()}_KEY"']
        lines += [f'model = "{LLAMAS if is_llama else MODEL}"']
    return "\n".join(lines) + "\n"


@contextmanager
def _aimock(folder: Path, secrets: Secrets, port: int) -> Iterator[None]:
    fixtures = folder / "fixtures"
    fixtures.mkdir()
    known = [{"match": {"userMessage": begins}, "response": response} for begins, response in _FIXTURES]
    (fixtures / "answers.json").write_text(json.dumps({"fixtures": known}))
    binary = install.PLACES / "aimock/node_modules/.bin/llmock"
    listen: Command = ["-p", str(port), "-h", "127.0.0.1", "-f", fixtures]
    pace = ["--latency", _BETWEEN_CHUNKS_MS, "--chunk-size", "4"]
    keys = {"AIMOCK_API_KEYS": f"{secrets.aimock},{secrets.litellm_upstream}"}
    with running([binary, *listen, *pace], log=folder / "aimock.log", env=keys, ready=partial(accepts, port)):
        yield


@contextmanager
def litellm_before(upstream: str, folder: Path, secrets: Secrets) -> Iterator[str]:
    """Start LiteLLM before another gateway; give its base URL."""
    (port,) = free_ports(1)
    with _litellm(folder, secrets, port, upstream):
        yield f"http://127.0.0.1:{port}/v1"


@contextmanager
def _litellm(folder: Path, secrets: Secrets, port: int, api_base: str) -> Iterator[None]:
    upstream = {"api_base": api_base, "api_key": secrets.litellm_upstream, "max_retries": 0}
    settings = {
        # One deployment of each: where it is put into cool-down, nobody is left to answer.
        "model_list": [
            {"model_name": name, "litellm_params": {"model": f"openai/{name}", **upstream}} for name in (MODEL, EMBEDS)
        ],
        "general_settings": {"master_key": secrets.litellm},
        "litellm_settings": {"telemetry": False, "num_retries": 0},
    }
    # JSON is YAML.
    (folder / "litellm.yaml").write_text(json.dumps(settings))
    binary = install.PLACES / "litellm/venv/bin/litellm"
    command: Command = [binary, "--config", folder / "litellm.yaml", "--host", "127.0.0.1", "--port", str(port)]
    ready = partial(answers, f"http://127.0.0.1:{port}/health/liveliness")
    offline = {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    with running(command, log=folder / "litellm.log", env=offline, ready=ready):
        yield


@contextmanager
def _nginx(folder: Path, port: int, aimock: int, litellm: int) -> Iterator[None]:
    home = folder / "nginx"
    home.mkdir()
    servers = {"aimock": aimock, "litellm": litellm}
    locations = {f"/{name}/": f"proxy_pass http://127.0.0.1:{each}/;" for name, each in servers.items()}
    (home / "nginx.conf").write_text(forwarding(port, locations, "proxy_buffering off;"))
    command: Command = [str(install.system_binary("nginx")), "-p", home, "-e", "error.log", "-c", "nginx.conf"]
    with running(command, log=folder / "nginx.log", env={}, ready=partial(accepts, port)):
        yield


@contextmanager
def _llama(folder: Path, secrets: Secrets, port: int) -> Iterator[None]:
    place = install.PLACES / "llama"
    serve: Command = [
        "--model",
        place / "tiny.gguf",
        "--model_alias",
        LLAMAS,
        "--n_ctx",
        "512",
        "--api_key",
        secrets.llama,
    ]
    listen = ["--host", "127.0.0.1", "--port", str(port)]
    command: Command = [place / "venv/bin/python", "-m", "llama_cpp.server", *serve, *listen]
    ready = partial(answers, f"http://127.0.0.1:{port}/v1/models")
    with running(command, log=folder / "llama.log", env={}, ready=ready):
        yield
