from __future__ import annotations

import cProfile
import pstats
import re
from typing import TYPE_CHECKING

import pytest
from config_texts import loads, refuses, refuses_one

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from cli_runs import Ran

PASTED = "sk-proj-Zm9vYmFyYmF6cXV4Zm9vYmFy"

FOR_THE_PROXY = (
    "a proxy's name and password are for the proxy alone; write them into the URL of `proxy`, between `//` and `@`,"
    " where `${NAME}` works too"
)

EVERYTHING_WRONG = f"""
baseline = "prod"
timeout_s = 3
colour = true
[defaults]
base_url = "https://x.test"
probs = ["models"]
proxies = "x"
headers = {{ "X-Team" = "${{TEAM}}" }}
[environments.production]
base_url = "https://user:hunter2@x.test/v1?k=1#f"
modle = "x"
api_key = "{PASTED}"
timeout_s = "20"
samples = true
max_tokens = 3
headers = {{ Authorization = "Bearer abcdef123456", X-A = "${{NOPE}}", "a b" = "x", Host = "x" }}
[environments.staging]
base_url = "${{STAGING_URL}}/v1"
probes = ["model"]
api_key_env = "{PASTED}"
verify_tls = 0
[environments.Comparison]
[environments.Staging]
base_url = "ftp://x.test"
chat_params = {{ stream = true, stop = 2020-01-01, api_key = "q", model = "x" }}
[compare]
severity = {{ models.added = "none", "chat.usag" = "err", "chat.usage" = "high" }}
latency_ratio = 0.5
[[accept]]
rule = "models.remove"
environment = "stagin"
"""


def test_every_mistake_is_named_at_once_in_the_order_of_the_file(snapshot: SnapshotAssertion) -> None:
    """One run names all that is wrong, each with its path and its remedy."""
    assert "\n".join(refuses(EVERYTHING_WRONG)) == snapshot


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('a = "sk-zzz\n', "the file, line 1, column 12: this is not valid TOML; a string is not closed on its line"),
        ("key", "the file, line 1, column 4: this is not valid TOML; `=` is expected after the key"),
        ("[a]\n[a]\n", "the file, line 2, column 3: this is not valid TOML; this table is there already"),
        ("a = 1\na = 2\n", "the file, line 2, column 6: this is not valid TOML; this key is there already"),
        ('a = "\\q"', "the file, line 1, column 8: this is not valid TOML; a backslash in a string must be doubled"),
        ('a = "\\ud800"', "the file, line 1, column 12: this is not valid TOML"),
        ("a = " + "9" * 5000, "the file: is not valid TOML; a number is too long, or the nesting too deep"),
        ("a = " + "[" * 5000, "the file: is not valid TOML; a number is too long, or the nesting too deep"),
    ],
)
def test_a_text_that_is_not_toml_is_told_by_line_and_column(text: str, problem: str) -> None:
    """The place is named, and what stands there is not."""
    (found,) = refuses(text)
    assert found.startswith(problem)


@pytest.mark.parametrize("text", ["", "environments = {}", '[defaults]\nmodel = "m"', "environments = 1"])
def test_a_file_needs_an_environment(text: str) -> None:
    """An empty list of environments is one problem, whatever it is written as."""
    (found,) = refuses(text)
    assert found.startswith("environments: ")


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("url", 'did you mean "base_url"?'),
        ("base-url", 'did you mean "base_url"?'),
        ("Model", 'did you mean "model"?'),
        ("proxies", 'did you mean "proxy"?'),
        ("timeout", 'did you mean "timeout_s"?'),
        ("insecure", 'did you mean "verify_tls"?'),
        ("api_key_evn", 'did you mean "api_key_env"?'),
        ("serv", 'did you mean "server_text"?'),
        ("baseline", "write it at the top of the file, before the first [table]"),
        ("latency_ratio", "write it in [compare]"),
        ("temperature", "write it in chat_params"),
        ("latency-ratio", 'did you mean "latency_ratio", which belongs in [compare]?'),
        ("colour", "known here: api_key_env, model, probes"),
        ("p", "known here: api_key_env"),
    ],
)
def test_an_unknown_key_is_answered_with_the_right_one(key: str, sentence: str) -> None:
    """The nearest key of this table, else the table where the key belongs, else all there are."""
    (found,) = refuses_one(f"{key} = 1")
    assert found.startswith(f"{key}: ")
    assert sentence in found


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("timeout_s = 0", "timeout_s: must be more than 0"),
        ("timeout_s = nan", "timeout_s: must be a finite number"),
        ("timeout_s = inf", "timeout_s: must be a finite number"),
        ("timeout_s = 3601", "timeout_s: must be at most 3600"),
        ("timeout_s = true", "timeout_s: must be a number, without quotes"),
        ("samples = 0", "samples: must be at least 1"),
        ("samples = 1.0", "samples: must be a whole number, without quotes"),
        ("samples = 1001", "samples: must be at most 1000"),
        ("samples = true", "samples: must be a whole number, without quotes"),
        ('samples = "7"', 'samples: must be a whole number, without quotes, or "auto"'),
        ('samples = "many"', 'samples: must be a whole number, without quotes, or "auto"'),
        ("probes = []", "probes: must not be empty"),
        ('probes = ["chat"]', "model: is needed where the models probe is left out"),
        ('probes = "models"', "probes: must be an array, in square brackets"),
        ('probes = ["models", "models"]', "probes: names a probe twice"),
        ("model = 3", "model: must be a string, in quotes"),
        ('model = " "', "model: must not be empty"),
        ('model = "a\\nb"', "model: must be one line, without control characters"),
        ("model = '${MODEL}'", "model: `${NAME}` is read in base_url, proxy and the values of headers and query only"),
        ('prompt = " "', "prompt: must not be empty; leave it out for the default prompt"),
        ('server_text = "no"', "server_text: must be true or false, without quotes"),
        ("headers = []", "headers: must be a table"),
        ("query = { api-version = 1 }", "query.api-version: must be a string, in quotes"),
        ('query = { "a b" = "1" }', "query.(a name of 3 characters): is not a parameter's name"),
        ('query = { a = "\\u0001" }', "query.a: the value holds a line break or another control character"),
        ('headers = { X-A = "a\\r\\nb" }', "headers.X-A: the value holds a line break"),
        ('headers = { X-A = "\u201cq\u201d" }', "headers.X-A: the value holds a character outside ASCII"),
        ('headers = { X-A = "1", x-a = "2" }', "headers.x-a: is there twice"),
        ('headers = { Host = "x.test" }', "headers.Host: cannot be set: the host is that of base_url"),
        ('headers = { Transfer-Encoding = "chunked" }', "headers.Transfer-Encoding: cannot be set"),
        ("headers = { Proxy-Authorization = '${P}' }", f"headers.Proxy-Authorization: cannot be set: {FOR_THE_PROXY}"),
        (
            'headers = { proxy-authorization = "Basic eA==" }',
            f"headers.proxy-authorization: cannot be set: {FOR_THE_PROXY}",
        ),
        ('auth_header = "Proxy-Authorization"', f"auth_header: cannot carry a key: {FOR_THE_PROXY}"),
        ("headers = { X-A = '${A' }", "headers.X-A: `${` needs a variable's name and `}`"),
        ('auth_header = "api key"', "auth_header: must be the name of a header"),
        ('auth_header = "Host"', "auth_header: cannot carry a key: the host is that of base_url"),
        ('api_key_env = "1KEY"', "api_key_env: must be the NAME of a variable, such as PROD_API_KEY"),
        ('ca_file = "missing.pem"', "ca_file: is not a file"),
        ("ca_file = '${CA}'", "ca_file: `${NAME}` is read in"),
        ('ca_file = "~nobody-of-that-name/ca.pem"', "ca_file: cannot be read; look at the path"),
        (f'ca_file = "{"x" * 5000}"', "ca_file: cannot be read; look at the path"),
        ('ca_file = "a\\u0000b"', "ca_file: must be one line"),
        ('proxy = "socks5://127.0.0.1:1"', "proxy: must begin with http:// or https://"),
        ('proxy = "http://127.0.0.1:1/path"', "proxy: must end after the host and port"),
        ('proxy = "http://"', "proxy: has no host"),
        ("proxy = '${PROXY}'", "proxy: the variable PROXY is not set"),
        ("chat_params = 1", "chat_params: must be a table"),
        ("chat_params = { stream = true }", "chat_params.stream: the probe reads whole replies"),
        ("chat_params = { messages = [] }", "chat_params.messages: write `prompt` beside these"),
        ("chat_params = { top_p = nan }", "chat_params.top_p: must be a finite number"),
        ("chat_params = { a = [{ b = 10:00:00 }] }", "chat_params.a[0].b: is a date or time"),
        ("chat_params = { a = " + "[" * 40 + "]" * 40 + " }", "chat_params.a: is nested more than 32 deep"),
    ],
)
def test_a_wrong_value_is_told_by_what_is_expected(keys: str, problem: str) -> None:
    """Every key says what it may hold."""
    (found,) = refuses_one(keys, {"P": "Basic bWFkZTp1cA=="})
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "must not be empty"),
        ("gateway.test/v1", "must begin with http:// or https://"),
        ("ws://gateway.test", "must begin with http:// or https://"),
        ("https://", "has no host"),
        ("https://:8080/v1", "has no host"),
        ("https://gate way.test", "must not hold spaces, backslashes or control characters"),
        ("https://gateway.test/\\tv1", "must not hold spaces, backslashes or control characters"),
        ("https://gateway.test\\\\@other.test", "must not hold spaces, backslashes or control characters"),
        ("https://gateway.test:99999", "is not a valid URL"),
        ("https://gateway.test:0", "is not a valid URL"),
        ("https://gateway.test:port", "is not a valid URL"),
        ("https://[::1", "is not a valid URL"),
        ("https://[v1.x]/", "has a host that is neither a name nor an address"),
        ("https://gate..way", "has a host that is neither a name nor an address"),
        ("https://-gateway.test", "has a host that is neither a name nor an address"),
        ("https://" + "a" * 64 + ".test", "has a host that is neither a name nor an address"),
        ("https://gateway.test/" + "a" * 3000, "must be at most 2048 characters long"),
        ("https://user:pass@gateway.test", "must not hold a user name, a password or any other `@`"),
        ("https://user:12/34@gateway.test", "must not hold a user name, a password or any other `@`"),
        ("https://gateway.test/v1?", "must not hold a query"),
        ("https://gateway.test/v1#", "must not hold a fragment"),
        ("$STAGING_URL/v1", "reads a variable as `${NAME}`, in braces"),
        ("https://$HOST:8080/v1", "reads a variable as `${NAME}`, in braces"),
    ],
)
def test_a_base_url_that_no_request_can_use_is_refused(url: str, problem: str) -> None:
    """The URL is never repeated, for it may hold a password."""
    (found,) = refuses(f'[environments.prod]\nbase_url = "{url}"')
    assert found.startswith(f"environments.prod.base_url: {problem}")


@pytest.mark.parametrize(
    "host", ["127.0.0.1:80", "[::1]:8080", "localhost", "b\u00fccher.test", "a_b.test", "gw.test."]
)
def test_hosts_of_every_kind_are_taken(host: str) -> None:
    """Names, addresses and names outside ASCII are hosts."""
    config = loads(f'[environments.prod]\nbase_url = "http://{host}/v1//"')
    assert config.environments[0].base_url == f"http://{host}/v1"


def test_a_dot_in_an_environments_name_needs_quotes() -> None:
    """Without them TOML reads a table in a table, which is told to whoever wrote it."""
    (found, _) = refuses('[environments.eu.prod]\nbase_url = "https://gateway.test"')
    assert found.startswith("environments.eu.prod: unknown table; an environment whose name holds a dot needs quotes")


@pytest.mark.parametrize("text", ["[[environments]]", "environments = { prod = 'https://gateway.test' }"])
def test_an_environment_is_a_table_with_a_name(text: str) -> None:
    """Other tools have lists of endpoints, or a URL to a name; this one says how it is written here."""
    (found,) = refuses(text)
    assert found.endswith(": must be a table, written as [environments.NAME]")


def test_a_wrong_environment_name_is_refused() -> None:
    """A name becomes a file's name, so it is held to letters, digits and a few signs."""
    names = [".hidden", "a/b", "a b", "", "x" * 65, "COMPARISON", "\u00e4"]
    text = "\n".join(f'[environments."{name}"]\nbase_url = "http://x.test"' for name in names)
    found = refuses(f'baseline = "a/b"\n{text}')
    assert len(found) == len(names)
    assert all("a name is 1 to 64 of" in each or "comparison's own report" in each for each in found)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("accept = {}", "accept: must be written as [[accept]], in double brackets"),
        ("accept = [1]", "[[accept]] no. 1: must be a table"),
        (
            '[[accept]]\nrule = "chat.usage"\nenvironment = "prod"\nreason = " "',
            "[[accept]] in line 4, reason: must not be empty",
        ),
        (
            '[[accept]]\nrule = "chat.usage"\nenvironment = "prod"\nreason = "r"\nexpires = "2027-01-31"',
            "[[accept]] in line 4, expires: must be a date, such as 2027-01-31, without quotes",
        ),
        (
            '[[accept]]\nrule = "chat.usage"\nenvironment = "prod"\nreason = "r"\nexpires = 2027-01-31T10:00:00Z',
            "[[accept]] in line 4, expires: must be a date, such as 2027-01-31, without quotes",
        ),
        (
            '[[accept]]\nrule = "chat.usage"\nenvironment = "nobody"\nreason = "r"',
            "[[accept]] in line 4, environment: is not an environment of this file; known here: prod",
        ),
        ("[compare]\nlatency_floor_ms = -1", "compare.latency_floor_ms: must be at least 0"),
        ('[compare.severity]\n"latency.slower" = "high"', 'compare.severity."latency.slower": must be "err", "warn"'),
        ('[compare.severity]\n"zzz" = "err"', "compare.severity.zzz: is not a rule; known here: "),
        ("[defaults]\nsamples = 0", "defaults.samples: must be at least 1"),
        ("[defaults.probe.caht]", 'defaults.probe.caht: unknown key; did you mean "chat"?'),
        ('[defaults.probe.chat]\nmodle = "m"', 'defaults.probe.chat.modle: unknown key; did you mean "model"?'),
        ('[defaults.probe.chat]\nmodel = "a\\nb"', "defaults.probe.chat.model: must be one line"),
        (f'[defaults.probe.chat]\nmodel = "{PASTED}"', "defaults.probe.chat.model: looks like a key"),
        ("[defaults.probe.chat.params]\nstream = true", "defaults.probe.chat.params.stream: the probe reads whole"),
        ("[environments.prod.probe]\nchat = { param = 1 }", "environments.prod.probe.chat.param: unknown key; did you"),
        (
            '[compare.severity]\nlatency.slower = "err"',
            'compare.severity.latency: is only the beginning of a rule\'s name; known here: "latency.slower", ',
        ),
        (
            '[[accept]]\nrule = "chat.usage"\nenvironment = "prod"\nreason = "r"\nat_most_ratio = 2.0',
            "[[accept]] in line 4, at_most_ratio: bounds a latency, and the rule is about something else",
        ),
        (
            '[[accept]]\nrule = "latency.slower"\nenvironment = "prod"\nreason = "r"\nfield = "chat.latancy"',
            '[[accept]] in line 4, field: is not a field that is compared; did you mean "chat.latency"?',
        ),
    ],
)
def test_the_other_tables_are_checked_too(table: str, problem: str) -> None:
    """[compare], [[accept]] and [defaults] name their mistakes as environments do."""
    environment = '\n[environments.prod]\nbase_url = "http://x.test"\n'
    text = table + environment if table.startswith("accept") else environment + table
    (found,) = refuses(text)
    assert found.startswith(problem)


def test_two_headers_with_the_key_are_refused() -> None:
    """A header that would stand beside the one that carries the key is named where it is written."""
    text = """
baseline = "a"
[defaults]
headers = { "Api-Key" = "${K}" }
[environments.a]
base_url = "http://a.test"
api_key_env = "A"
headers = { "authorization" = "Bearer ${K}" }
[environments.b]
base_url = "http://b.test"
api_key_env = "B"
auth_header = "api-key"
[environments.c]
base_url = "http://c.test"
headers = { "authorization" = "Bearer ${K}" }
"""
    same = "the key of api_key_env is sent in this header already; keep one of the two"
    assert refuses(text, {"K": "k"}) == [
        f"defaults.headers.Api-Key: {same}",
        f"environments.a.headers.authorization: {same}",
    ]


def test_a_remedy_reaches_who_reads_it(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Nothing in our own sentence looks like a password, which would be taken out of it on its way."""
    keys = 'headers = { Proxy-Authorization = "Basic bWFkZTp1cA==" }\napi_key_env = "sk-x"\nproxy = "http://x/y"'
    (tmp_path / "environments.toml").write_text(f'[environments.a]\nbase_url = "https://u:p@x.test?k=1#f"\n{keys}')
    ran = envcheck("check-config")
    assert ran.code == 2
    assert FOR_THE_PROXY in ran.stderr
    assert "[redacted]" not in ran.stderr


def test_a_ca_file_must_hold_certificates(tmp_path: Path) -> None:
    """A file that is there and holds something else is found before anything is sent."""
    (tmp_path / "ca.pem").write_text("not a certificate")
    text = '[environments.prod]\nbase_url = "https://x.test"\nca_file = "ca.pem"'
    assert refuses(text, folder=tmp_path) == ["environments.prod.ca_file: is not a PEM file of certificates"]


@pytest.mark.parametrize(
    ("name", "shown"), [("eu west", '"eu west"'), ("a/b", '"a/b"'), (PASTED, f"(a name of {len(PASTED)} characters)")]
)
def test_the_name_of_an_environment_is_shown_unless_it_could_be_a_key(name: str, shown: str) -> None:
    """Who has to look for it needs it as it is written."""
    (found,) = refuses(f'[environments."{name}"]\nbase_url = "https://x.test"')
    assert found.startswith(f"environments.{shown}: ")


def test_accepts_without_a_header_of_their_own_are_told_by_their_number() -> None:
    """An array has no line for each; and a line in a text that looks like a header is none."""
    entry = '{ rule = "chat.usage", environment = "prod", reason = "r" }'
    wrong = entry.replace("chat.usage", "chat.usag")
    environment = '[environments.prod]\nbase_url = "https://x.test"\n'
    assert refuses(f"accept = [{entry}, {wrong}]\n{environment}") == [
        '[[accept]] no. 2, rule: is not a rule; did you mean "chat.usage"?'
    ]
    looks_like_one = 'prompt = """\n[[accept]]\n"""\n[[accept]]\nrule = "chat.usag"\nenvironment = "prod"\nreason = "r"'
    assert refuses(environment + looks_like_one) == [
        '[[accept]] in line 6, rule: is not a rule; did you mean "chat.usage"?'
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [f"kez{number:05} = 1" for number in range(20_000)],
        ["[compare.severity]", *(f'a{number} = "x"' for number in range(20_000))],
        [f'[[accept]]\nrule = "models.remov{number}"\nenvironment = "b{number}"' for number in range(6_000)],
        ["probes = [", *(f'"mod{number}",' for number in range(20_000)), "]"],
    ],
    ids=["keys", "severities", "accepts", "probes"],
)
def test_of_thousands_of_mistakes_the_first_are_told_and_the_rest_counted(lines: list[str]) -> None:
    """Nobody reads sixty thousand lines; and what would be looked up for each is looked up for those that are told."""
    found = refuses('[environments.prod]\nbase_url = "https://x.test"\n' + "\n".join(lines))
    assert len(found) == 51
    assert re.fullmatch(r"and [0-9]{1,2},950 more; mend these first", found[-1])
    assert looked_up(lines) <= 2 * 51


def looked_up(lines: list[str]) -> int:
    """Count how often a nearest name was looked for, which is what takes long."""
    with cProfile.Profile() as profile:
        refuses('[environments.prod]\nbase_url = "https://x.test"\n' + "\n".join(lines))
    calls = pstats.Stats(profile).get_stats_profile().func_profiles["get_close_matches"].ncalls
    return int(calls)
