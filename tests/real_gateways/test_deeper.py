"""The opt-in probes over servers that no one here wrote, and the page that says what each of those did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from collecting import environment_at, run
from pydantic import SecretStr

from envcheck.probes.identity import IdentityOptions
from gateways.capable import CAPABLE, NO_SUCH_ROUTE, capable_gateway
from gateways.server import serving
from real_gateways.command import envcheck_run
from real_gateways.deeper import BASELINE, MODEL, deeper, environments_toml, litellm_before
from real_gateways.fleet import variables
from real_gateways.install import is_installed, required
from real_gateways.made_up import leaks
from real_gateways.servers import GATEWAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from real_gateways.command import Run
    from real_gateways.made_up import Secrets

pytestmark = pytest.mark.gateways

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "gateways.md"
BEGIN, END = "<!-- made by `make test-gateways`: begin -->\n", "<!-- end -->\n"
SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "stream": ("terminator", "stream_usage"),
    "tools": ("honoured", "arguments_kind", "finish_reason"),
    "structured": ("honoured",),
    "embeddings": ("encoding_float", "encoding_base64"),
    "responses": ("status", "output_kinds"),
    "wrong_key": ("chat_status", "chat_envelope", "chat_error_type", "models_refused"),
    "unknown_model": ("status", "envelope"),
    "bad_request": ("status", "envelope"),
}
"""By probe: facts that tell real gateways apart, and are the same each time; the weights of llama.cpp are random."""


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory, secrets: Secrets) -> Iterator[Mapping[str, str]]:
    """Every server that is installed, up; where they are required, all of them."""
    missing = [name for name in GATEWAYS if not is_installed(name)]
    if missing and required():
        pytest.fail(f"not installed, and required: {', '.join(missing)}")
    if BASELINE in missing:
        pytest.skip("aimock, the baseline, is not installed")
    with deeper(tmp_path_factory.mktemp("deeper"), secrets) as there:
        yield there


@pytest.fixture(scope="module")
def deep(
    urls: Mapping[str, str],
    secrets: Secrets,
    tmp_path_factory: pytest.TempPathFactory,
    show: Callable[[str], None],
) -> Run:
    """One run with all opt-in probes but `identity`, of gateways that have streamed before: the first one is slow."""
    folder = tmp_path_factory.mktemp("deep")
    config = environments_toml(urls)
    envcheck_run(config, folder / "warm", variables(secrets), "--probes", "stream")
    found = envcheck_run(config, folder / "run", variables(secrets), "--probes", "deep")
    show(found.stdout)
    return found


def facts(deep: Run, environment: str, probe: str) -> Mapping[str, object]:
    known = deep.check(environment, probe)["facts"]
    assert isinstance(known, dict)
    return known


def told(deep: Run, environment: str, probe: str) -> str:
    """Say in a few words what one gateway did."""
    check = deep.check(environment, probe)
    if check["outcome"] == "pass":
        known = facts(deep, environment, probe)
        return ", ".join(_word(known[name]) for name in SHOWN[probe])
    status = "" if check["http_status"] is None else f" (HTTP {check['http_status']})"
    return f"{check['failure_class'] or check['outcome']}{status}"


def _word(value: object) -> str:
    if isinstance(value, list):
        return "+".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)


def table(deep: Run, names: tuple[str, ...]) -> str:
    """Write what each did as a table of Markdown."""
    head = f"| probe | facts | {' | '.join(names)} |"
    rows = [
        f"| `{probe}` | {', '.join(known)} | {' | '.join(told(deep, name, probe) for name in names)} |"
        for probe, known in SHOWN.items()
    ]
    return "\n".join([head, f"|{' --- |' * (2 + len(names))}", *rows]) + "\n"


def test_the_page_says_what_each_did(deep: Run, urls: Mapping[str, str], pytestconfig: pytest.Config) -> None:
    """To write it again: `--snapshot-update`."""
    names = (BASELINE, "litellm", "llama")
    if not set(names) <= set(urls):
        pytest.skip(f"needs {', '.join(names)}")
    page = PAGE.read_text()
    before, _, rest = page.partition(BEGIN)
    there, _, after = rest.partition(END)
    made = table(deep, names)
    if pytestconfig.option.update_snapshots:
        PAGE.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}")
    else:
        assert there == f"\n{made}\n"


def test_a_mock_that_is_made_for_this_honours_everything(deep: Run) -> None:
    """The baseline is one that has what the probes ask for."""
    assert facts(deep, BASELINE, "stream")["arrival"] == "incremental"
    assert facts(deep, BASELINE, "tools")["honoured"] == "honoured"
    assert facts(deep, BASELINE, "structured")["honoured"] == "enforced"
    assert [deep.check(BASELINE, probe)["outcome"] for probe in ("embeddings", "responses")] == ["pass", "pass"]


@pytest.mark.parametrize("name", ["aimock", "litellm"])
def test_nginx_that_hands_on_changes_no_answer(name: str, deep: Run, urls: Mapping[str, str]) -> None:
    """Before either of them, whatever is asked."""
    if f"{name}-nginx" not in urls or name not in urls:
        pytest.skip(f"{name} and nginx are not both installed")
    assert [told(deep, f"{name}-nginx", probe) for probe in SHOWN] == [told(deep, name, probe) for probe in SHOWN]


def test_litellm_passes_on_what_it_is_asked(deep: Run, urls: Mapping[str, str]) -> None:
    """And says about usage and refusals what it says to everyone."""
    if "litellm" not in urls:
        pytest.skip("litellm is not installed")
    assert facts(deep, "litellm", "stream")["arrival"] == "incremental"
    assert facts(deep, "litellm", "stream")["stream_usage"] == "in_choice"
    assert facts(deep, "litellm", "tools")["honoured"] == "honoured"
    assert facts(deep, "litellm", "structured")["honoured"] == "enforced"
    assert {finding["rule"] for finding in deep.findings("litellm")} >= {"error.status", "stream.stream_usage"}


def test_an_engine_that_takes_any_model_is_told(deep: Run, urls: Mapping[str, str]) -> None:
    """A cheerful 200 is what four projects found out the hard way."""
    if "llama" not in urls:
        pytest.skip("llama is not installed")
    assert deep.check("llama", "unknown_model")["failure_class"] == "not_refused"
    assert deep.check("llama", "responses")["outcome"] == "unsupported"
    assert facts(deep, "llama", "tools")["honoured"] == "ignored"


def test_nothing_secret_comes_out_of_the_deeper_probes(deep: Run, secrets: Secrets) -> None:
    """No key, nor a piece of one, is in any file or stream."""
    keys = {name: secret for name, secret in secrets.all().items() if name not in {"prompt", "generated"}}
    assert {where: found for where, text in deep.artifacts().items() if (found := leaks(text, keys))} == {}


def test_no_gateway_is_blamed_for_the_cool_down_of_our_making(
    secrets: Secrets, tmp_path: Path, show: Callable[[str], None]
) -> None:
    """LiteLLM takes its one deployment out of service after a single 404; what follows is skipped and says why."""
    if not is_installed("litellm"):
        pytest.skip("litellm is not installed")
    upstream = capable_gateway(replace(CAPABLE, responses=NO_SUCH_ROUTE))
    with serving(upstream) as server, litellm_before(server.base_url, tmp_path, secrets) as url:
        asked = environment_at(
            url,
            "litellm",
            api_key=SecretStr(secrets.litellm),
            api_key_env="LITELLM_KEY",
            model=MODEL,
            probes=("models", "chat", "tools", "responses", "identity"),
            options={"identity": IdentityOptions(requests=12)},
            timeout_s=20.0,
        )
        evidence = run([asked]).evidences["litellm"]
    ended = {check.probe: (check.outcome.value, check.failure_detail) for check in evidence.checks}
    show(f"LiteLLM with one deployment: {ended}")
    assert [ended[probe][0] for probe in ("models", "chat", "tools")] == ["pass"] * 3
    assert ended["responses"][0] == "unsupported"
    assert ended["identity"] == (
        "skipped",
        "HTTP 429 after responses, which may have put the gateway into cool-down",
    )
    assert evidence.summary.ok
