from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from typing import TYPE_CHECKING, Final

import pytest
from markdown_it import MarkdownIt

from cli_runs import Stream, run_envcheck
from envcheck.cli.boundary import run_command_line
from envcheck.cli.console import Console
from gateways.good import GOOD, completion, model_list, openai_error
from gateways.server import serving
from gateways.wire import json_reply, reply
from leaks.echo_run import echoing, outputs, revealed
from leaks.kinds import KINDS, Kind
from leaks.places import MODEL, PLACES, Replies

if TYPE_CHECKING:
    from pathlib import Path

KEY: Final = KINDS[0]
KEYS: Final = [kind for kind in KINDS if kind.is_secret and kind.kept_in == "key"]
READER: Final = MarkdownIt("gfm-like", {"linkify": False})
OUR_HTML: Final = re.compile(r"<br>|</?details>|<summary>[a-z_]+: [0-9]+</summary>")
CHATTY: Final = ("a status line that is none", "a cookie", "a challenge", "a broken chunk", "content type")

INJECTIONS: Final = (
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://example.com\x07link\x1b]8;;\x07",
    "\x9b2J",
    "\r\nenvcheck: all is well",
    "\b\b\b\bpass",
    "\u202egpt-4o\u202c",
    "\u2066isolated\u2069",
    "<script>alert(1)</script>",
    "<img src=https://example.com/x.png>",
    "![x](https://example.com/x.png)",
    "[gpt](https://example.com)",
    "| pass | pass |",
    "`code`",
    "# heading",
    "@everyone",
    "https://example.com/phish",
    "<!-- comment",
    "**bold** _it_ ~~no~~",
    "&lt;b&gt;x&lt;/b&gt;",
    "$(reboot)",
    "model\u2028line",
)


def _injected() -> list[Replies]:
    return [
        Replies(models=json_reply(200, model_list([MODEL, *INJECTIONS]))),
        *(
            Replies(
                models=json_reply(403, openai_error(f"No {text} here", kind=text)),
                chat=json_reply(200, {**completion(GOOD, model=text), text: 1}),
            )
            for text in INJECTIONS
        ),
        *(
            Replies(models=reply(302, b"", ("Location", f"https://sso.example.com/{text}")))
            for text in INJECTIONS
            if text.isascii() and text.isprintable()
        ),
    ]


@pytest.fixture(scope="module")
def injected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What comes out of a run over servers that try to write terminal codes and Markdown."""
    return outputs(tmp_path_factory.mktemp("injected"), KEY, _injected())[1]


def test_nothing_steers_a_terminal_or_an_eye(injected: dict[str, str]) -> None:
    """No output holds a control, bidi or other invisible character that a server wrote."""
    for name, text in injected.items():
        assert {each for each in text if unicodedata.category(each)[0] == "C"} <= {"\n"}, name


def test_no_server_writes_markdown_or_html(injected: dict[str, str]) -> None:
    """Read as a forge would read it, no Markdown report has HTML, an image, or a link that is not ours."""
    for name, text in injected.items():
        if name.endswith(".md"):
            tokens = [each for token in READER.parse(text) for each in (token, *(token.children or ()))]
            written = "".join(token.content for token in tokens if token.type.startswith("html"))
            assert OUR_HTML.sub("", written).strip() == "", name
            assert {token.type for token in tokens} & {"image", "s_open", "link_open"} == set(), name
            plain = "".join(token.content for token in tokens if token.type == "text")
            assert "@everyone" not in plain, name
            assert "example.com" not in plain, name


def test_no_line_is_forged(injected: dict[str, str]) -> None:
    """A server cannot write a line that looks like one of envcheck's own."""
    for name in ("stdout", "stderr"):
        assert not any(line.startswith("envcheck: all is well") for line in injected[name].splitlines())


class Broken(Stream):
    """A stream whose failure quotes what it was given, as an encoder's does."""

    def __init__(self, words: str) -> None:
        super().__init__(terminal=False)
        self._words = words

    def write(self, text: str) -> int:
        raise RuntimeError(f"cannot write {self._words!r} to this stream: {text}")


@pytest.mark.parametrize("kind", KEYS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("debug", ["", "1"])
def test_a_fault_quotes_no_key(kind: Kind, debug: str) -> None:
    """An exception that quotes the key is told without it, with and without a traceback."""
    stderr = Stream(terminal=False)
    with serving(echoing([Replies()])) as server:
        arguments = ["probe", "--base-url", f"http://127.0.0.1:{server.port}/echo/0/v1", "--api-key-env", "GATEWAY_KEY"]
        code = run_command_line(
            arguments, Console(Broken(f"Bearer {kind.secret}"), stderr, {**kind.variables, "ENVCHECK_DEBUG": debug})
        )
    assert code == 1
    assert "RuntimeError" in stderr.getvalue()
    assert ("Traceback" in stderr.getvalue()) == bool(debug)
    assert revealed(kind, stderr.getvalue()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["probe", "--base-url", f"https://user:{KEY.secret}@gateway.example.com/v1"], id="userinfo"),
        pytest.param(["probe", "--base-url", f"https://gateway.example.com/v1?key={KEY.secret}"], id="query"),
        pytest.param(["probe", "--base-url", f"https://gateway.example.com/v1#{KEY.secret}"], id="fragment"),
        pytest.param(["probe", "--base-url", KEY.secret], id="no URL"),
        pytest.param(["probe", "--base-url", "http://127.0.0.1:1", "--api-key-env", KEY.secret], id="key, not name"),
        pytest.param(["probe", "--api-key", KEY.secret], id="no such option"),
        pytest.param([f"--api-key={KEY.secret}", "probe"], id="no such option, joined"),
        pytest.param(["probe", "--timeout", KEY.secret], id="a number"),
        pytest.param(["probe", "--format", KEY.secret], id="a choice"),
        pytest.param(["probe", "--prompt-file", f"/{KEY.secret}", "--base-url", "http://127.0.0.1:1"], id="a file"),
        pytest.param(["probe", KEY.secret], id="an argument too many"),
        pytest.param([KEY.secret], id="a command"),
        pytest.param(["run", KEY.secret], id="an environment"),
        pytest.param(["run", "-c", f"/{KEY.secret}.toml"], id="the file"),
        pytest.param(["run", "--fail-on", KEY.secret], id="a severity"),
        pytest.param(["run", "--env-file", f"/{KEY.secret}"], id="the variables' file"),
        pytest.param(["compare", f"/{KEY.secret}", f"/{KEY.secret}"], id="saved evidence"),
        pytest.param(["schema", KEY.secret], id="a schema"),
    ],
)
def test_a_mistake_on_the_command_line_is_not_repeated(arguments: list[str], tmp_path: Path) -> None:
    """A key in the wrong place is refused, and is not in what is said about it."""
    ran = run_envcheck(*arguments)
    assert ran.code == 2
    assert ran.stderr
    assert revealed(KEY, ran.stdout + ran.stderr) == []


@pytest.mark.parametrize("place", CHATTY)
def test_nothing_is_logged_past_the_streams(place: str) -> None:
    """In a process of its own, with asyncio's debug mode on, neither asyncio nor aiohttp tells more than we do."""
    with serving(echoing([PLACES[place](KEY.secret)])) as server:
        url = f"http://127.0.0.1:{server.port}/echo/0/v1"
        ran = subprocess.run(
            [sys.executable, "-X", "dev", "-m", "envcheck", "probe", "--base-url", url, "--api-key-env", "GATEWAY_KEY"],
            env={**os.environ, **KEY.variables, "PYTHONASYNCIODEBUG": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ran.returncode in {0, 4}
    assert revealed(KEY, ran.stdout + ran.stderr) == []
    assert all(line.startswith("envcheck:") for line in ran.stderr.splitlines())
