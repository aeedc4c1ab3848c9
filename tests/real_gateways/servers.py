"""Every server of the fleet, started once for a test session."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from real_gateways import install, nginx_conf
from real_gateways.process import accepts, answers, free_ports, refused_port, running, silent_listener

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from real_gateways.made_up import Secrets

    Command: TypeAlias = Sequence[str | Path]

GATEWAYS: Final = ("aimock", "nginx", "litellm", "llama")
AIMOCK_MODELS: Final = ("m-1", "m-2")
AIMOCK_FAULTS: Final = {
    "aimock-drop": ("--chaos-drop", "1"),
    "aimock-malformed": ("--chaos-malformed", "1"),
    "aimock-disconnect": ("--chaos-disconnect", "1"),
    "aimock-ratelimit": ("--chaos-ratelimit", "1"),
    "aimock-slow": ("--chaos-latency", "9000"),
}


@dataclass(slots=True)
class Estate:
    """What runs: the origin of each server by name, how long each took to start, and what is not there."""

    origins: dict[str, str] = field(default_factory=dict)
    ca_file: Path | None = None
    start_s: dict[str, float] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


@contextmanager
def estate(folder: Path, secrets: Secrets) -> Iterator[Estate]:
    """Start what is installed, in the order in which one needs the other."""
    there = Estate(missing={name for name in GATEWAYS if not install.is_installed(name)})
    with ExitStack() as running_servers:
        if "aimock" in there.missing:
            there.missing |= {"nginx", "litellm"}  # both stand in front of it
        else:
            running_servers.enter_context(_aimocks(folder, secrets, there))
        if "nginx" not in there.missing:
            running_servers.enter_context(_nginx(folder, there))
        if "litellm" not in there.missing:
            running_servers.enter_context(_litellm(folder, secrets, there))
        if "llama" not in there.missing:
            running_servers.enter_context(_llama(folder, secrets, there))
        yield there


@contextmanager
def _aimocks(folder: Path, secrets: Secrets, there: Estate) -> Iterator[None]:
    fixtures = folder / "fixtures"
    fixtures.mkdir()
    answers = [
        {"match": {"userMessage": secrets.prompt, "model": model}, "response": {"content": secrets.generated}}
        for model in AIMOCK_MODELS
    ]
    (fixtures / "answers.json").write_text(json.dumps({"fixtures": answers}))
    keys = f"{secrets.aimock},{secrets.aimock_second},{secrets.litellm_upstream}"
    binary = install.PLACES / "aimock/node_modules/.bin/llmock"
    with ExitStack() as started:
        for name, flags in {"aimock": (), **AIMOCK_FAULTS}.items():
            (port,) = free_ports(1)
            started.enter_context(
                _started(
                    name,
                    [binary, "-p", str(port), "-h", "127.0.0.1", "-f", fixtures, "--strict", *flags],
                    port=port,
                    folder=folder,
                    env={"AIMOCK_API_KEYS": keys},
                    there=there,
                )
            )
        yield


@contextmanager
def _nginx(folder: Path, there: Estate) -> Iterator[None]:
    home = folder / "nginx"
    home.mkdir()
    plain, good, wrong_host, expired = free_ports(4)
    gateway = int(there.origins["aimock"].rpartition(":")[2])
    with refused_port() as dead, silent_listener() as silent:
        ports = nginx_conf.Ports(plain, good, wrong_host, expired, gateway=gateway, dead=dead, silent=silent)
        there.ca_file = nginx_conf.write(home, ports)
        for name, port in (("nginx-tls", good), ("nginx-wrong-host", wrong_host), ("nginx-expired", expired)):
            there.origins[name] = f"https://127.0.0.1:{port}"
        there.origins["nginx-plain-on-tls"] = f"http://127.0.0.1:{good}"
        there.origins["nginx-tls-on-plain"] = f"https://127.0.0.1:{plain}"
        command: Command = [str(install.system_binary("nginx")), "-p", home, "-e", "error.log", "-c", "nginx.conf"]
        with _started("nginx", command, port=plain, folder=folder, env={}, there=there):
            yield


@contextmanager
def _litellm(folder: Path, secrets: Secrets, there: Estate) -> Iterator[None]:
    (port,) = free_ports(1)
    with refused_port() as dead:
        # JSON is YAML.
        (folder / "litellm.yaml").write_text(json.dumps(_litellm_settings(secrets, there, dead)))
        binary = install.PLACES / "litellm/venv/bin/litellm"
        command: Command = [binary, "--config", folder / "litellm.yaml", "--host", "127.0.0.1", "--port", str(port)]
        offline = {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        alive = "/health/liveliness"
        with _started("litellm", command, port=port, folder=folder, env=offline, there=there, ready=alive):
            yield


def _litellm_settings(secrets: Secrets, there: Estate, dead: int) -> dict[str, object]:
    upstream = f"{there.origins['aimock']}/v1"
    models = {
        "m-1": ("m-1", upstream, secrets.litellm_upstream),
        "m-3": ("m-2", upstream, secrets.litellm_upstream),
        "m-dead-upstream": ("m-1", f"http://127.0.0.1:{dead}/v1", secrets.litellm_upstream),
        "m-key-refused-upstream": ("m-1", upstream, secrets.wrong),
        "m-limited-upstream": ("m-1", f"{there.origins['aimock-ratelimit']}/v1", secrets.litellm_upstream),
        "m-unknown-upstream": ("m-9", upstream, secrets.litellm_upstream),
    }
    return {
        "model_list": [
            {
                "model_name": name,
                "litellm_params": {"model": f"openai/{model}", "api_base": base, "api_key": key, "max_retries": 0},
            }
            for name, (model, base, key) in models.items()
        ],
        "general_settings": {"master_key": secrets.litellm},
        "litellm_settings": {"telemetry": False, "num_retries": 0},
    }


@contextmanager
def _llama(folder: Path, secrets: Secrets, there: Estate) -> Iterator[None]:
    (port,) = free_ports(1)
    place = install.PLACES / "llama"
    python, model = place / "venv/bin/python", place / "tiny.gguf"
    serve = ["--model_alias", "tiny", "--n_ctx", "512", "--api_key", secrets.llama]
    listen = ["--host", "127.0.0.1", "--port", str(port)]
    command: Command = [python, "-m", "llama_cpp.server", "--model", model, *serve, *listen]
    with _started("llama", command, port=port, folder=folder, env={}, there=there, ready="/v1/models"):
        yield


@contextmanager
def _started(
    name: str,
    command: Command,
    *,
    port: int,
    folder: Path,
    env: dict[str, str],
    there: Estate,
    ready: str | None = None,
) -> Iterator[None]:
    origin = f"http://127.0.0.1:{port}"
    with running(
        command,
        log=folder / f"{name}.log",
        env=env,
        ready=lambda: accepts(port) if ready is None else answers(origin + ready),
    ) as seconds:
        there.origins[name] = origin
        there.start_s[name] = seconds
        yield
