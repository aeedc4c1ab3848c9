"""What each method of the redactor keeps, and what it takes out."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from echoes import KEYS, PROMPTS, readable
from known_secrets import BASE, redactor
from pydantic import BaseModel, SecretStr

from envcheck.errors import LeakError
from envcheck.model import DEFAULT_PROMPT, Fault
from envcheck.redact import Redacted, Redactor, SafeText, Secret, SecretKind, secrets_of

ANY = Redactor()


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("https://sam:letmein@gw.example.com:8443/v1/?key=x#y", "https://gw.example.com:8443/v1/"),
        ("HTTPS://GW.example.com/v1", "https://GW.example.com/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("/login?next=/v1", "/login"),
        ("https://4bf92f3577b34da6a3ce929d0e0e4736.example.com/v1", "https://[redacted].example.com/v1"),
        ("https://gw.example.com/t/4bf92f3577b34da6a3ce929d0e0e4736/v1", "https://gw.example.com/t/[redacted]/v1"),
        ("https://gw.example.com" + "/team" * 30, "https://gw.example.com" + "/team" * 11 + "/[redacted]"),
        ("https://gw.example.com/a b/c", "https://gw.example.com/[redacted]/c"),
        ("ftp://gw.example.com/", "[redacted]"),
        ("https://gw.example.com:port/", "[redacted]"),
        ("https://[bad/", "[redacted]"),
        ("https:///nowhere", "[redacted]"),
        ("javascript:alert(1)", "[redacted]"),
        ("", "[redacted]"),
    ],
)
def test_an_address_keeps_scheme_host_port_and_vetted_path(raw: str, shown: str) -> None:
    """Neither userinfo nor query nor fragment, nor what is opaque, nor what is no address at all."""
    assert ANY.url(raw) == shown
    assert ANY.loaded(ANY.url(raw)) == shown


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("bad key sk-live0123456789abcdefXYZ given", "bad key [redacted] given"),
        ("Authorization: Bearer hunter2hunter2", "Authorization: Bearer [redacted]"),
        ("header Basic dXNlcjpwYXNz refused", "header Basic [redacted] refused"),
        ("password=letmein; retry", "password=[redacted]; retry"),
        ("password: hunter2", "password: [redacted]"),
        ("password: incorrect", "password: incorrect"),
        ('{"client_secret": "let me in"}', '{"client_secret": "[redacted]"}'),
        ("Cookie: theme=dark; sid=1", "Cookie: [redacted]"),
        ("GET https://gw.example.com/v1?sig=abc failed", "GET https://gw.example.com/v1?[redacted] failed"),
        ("-----BEGIN PRIVATE KEY----- MIIabc -----END PRIVATE KEY----- seen", "[redacted] seen"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc expired", "jwt [redacted] expired"),
        ("Incorrect API key provided: sk-pr***********wxyz.", "Incorrect API key provided: [redacted]."),
        ("Incorrect API key provided: sk-pr...wxyz", "Incorrect API key provided: [redacted]"),
        ("request req_011CSabcDEF12345 failed", "request [redacted] failed"),
        ("trace 3b241101-e2bb-4255-8caf-4136c566a962", "trace [redacted]"),
        ("account 123456789012 is suspended", "account [redacted] is suspended"),
        ("you said \u201cplease water my garden today\u201d", "you said \u201c[redacted]\u201d"),
        ("you said 'please water my garden today'", "you said '[redacted]'"),
        ('{"message": "please try again later"}', '{"message": "please try again later"}'),
        ("bytes 4a 6f 68 6e 20 44 6f 65 seen", "bytes [redacted] seen"),
        ("tokens [9906, 1917, 11, 420, 374, 264, 1296, 315, 279, 1887, 13, 5]", "tokens [[redacted]]"),
        ("it spells S E C R E T L Y here", "it spells [redacted] here"),
        ("pieces yV2R gYCI oNmb lJnR g8Gd here", "pieces [redacted] here"),
        ("id a1b2c3d4-e5f6a7b8-c9d0 here", "id [redacted] here"),
        ("named Qzxjkvbwpmtrwq here", "named [redacted] here"),
        ("named Llanfairpwllgwyngyllgogery here", "named [redacted] here"),
        ("named InternalServerTimeoutErrorHandler here", "named InternalServerTimeoutErrorHandler here"),
        ("hash AbCdEfGhIjKl here", "hash [redacted] here"),
        ("at 20261231235959 or 1767225599000 sharp", "at 20261231235959 or 1767225599000 sharp"),
        ("sum 4294967296000 of it", "sum [redacted] of it"),
        ("named llama12345678901 here", "named [redacted] here"),
        ("at 10 11 12 13 14 15 16 17 18", "at 10 11 12 13 14 15 16 17 18"),
        ("rows 1-2-3-4-5-6-7-8-9 here", "rows 1-2-3-4-5-6-7-8-9 here"),
    ],
)
def test_what_nobody_told_of_is_known_by_its_shape(sentence: str, shown: str) -> None:
    """Other people's credentials and long identifiers go too, and the sentence around them stays."""
    assert ANY.text(sentence) == shown


@pytest.mark.parametrize(
    "raw", ["", "two words", "-dash", "x" * 100, "1234567", "a\nb", "sk-live0123456789abcdefXYZ", "Zk4p9wQ2x7"]
)
def test_an_identifier_is_one_or_is_nothing(raw: str) -> None:
    """A type or a code that does not look like one is left out, not repaired."""
    assert ANY.identifier(raw) is None


@pytest.mark.parametrize("raw", ["", "a b", "a..b", "a[0]", "ключ", "a.4bf92f3577b34da6a3ce929d0e0e4736", "_" * 70])
def test_a_key_path_is_one_or_is_nothing(raw: str) -> None:
    """A key that is no identifier is counted elsewhere, and not shown."""
    assert ANY.key_path(raw) is None
    assert ANY.key_paths((raw, "usage.total_tokens")) == ["usage.total_tokens"]


def test_a_name_of_the_users_passes_and_anything_else_is_redacted() -> None:
    """Names of environments and variables have a character set of their own."""
    assert ANY.name("staging-2.eu_west") == "staging-2.eu_west"
    assert ANY.name("sk-live0123456789abcdefXYZ with blanks") == "[redacted] with blanks"


def test_the_preview_leads_with_code_and_type() -> None:
    """Each once, and only where it is an identifier."""
    assert ANY.preview(["no_key", "no_key", "not one"], ["No key.", "Send one."]) == "no_key: No key.: Send one."


def test_words_of_our_own_pass() -> None:
    """They were written by us; the type checker sees to that."""
    assert ANY.own(Fault.RESET) == "connection reset by the other side"
    assert ANY.own("a phrase") == "a phrase"


@pytest.mark.parametrize(
    "key", ["abc12", "Zk4p9w", "ollama", "EMPTY", "none", "sk-no-key-required", "test-key", "my-api-key", "gateway"]
)
def test_a_weak_key_withholds_what_a_server_says(key: str) -> None:
    """What cannot be told from ordinary words is not looked for in them; then nothing of them is shown."""
    view = redactor(key=key)
    assert view.withholds
    assert view.text("any sentence") is None
    assert view.preview(["code"], ["any sentence"]) is None
    assert view.identifier("invalid_request_error") is None
    assert view.model_id("gpt-4o-mini") == "gpt-4o-mini", "what is measured is shown all the same"
    assert view.key_path("choices[].message.role") == "choices[].message.role"


@pytest.mark.parametrize("spelled", ["Zk4p9w", "zk4p9W", "w9p4kZ", "Wms0cDl3", "5a6b34703977"])
def test_a_weak_key_is_taken_out_of_names_too(spelled: str) -> None:
    """Model ids stay visible where a server's words do not, so even a weak key is looked for in them, whole."""
    assert redactor(key="Zk4p9w").model_id(f"tenants/{spelled}/gpt-4o") != f"tenants/{spelled}/gpt-4o"


@pytest.mark.parametrize("key", ["ollama", "none", "test"])
def test_a_placeholder_is_no_secret(key: str) -> None:
    """Names hold those words, and lose nothing."""
    view = redactor(key=key)
    assert view.model_ids([f"{key}-7b", "library/ollama-test"]) == [f"{key}-7b", "library/ollama-test"]
    view.check(f"{key} is what everyone sets")


def test_a_key_that_the_user_shows_elsewhere_withholds() -> None:
    """A key that is a part of a name or an address cannot be both hidden and shown."""
    view = redactor(key="acme42x9", environment=replace(BASE, base_url="https://acme42x9.example.com/v1"))
    assert view.withholds
    assert view.url("https://acme42x9.example.com/v1") == "https://acme42x9.example.com/v1"


def test_an_opaque_key_in_the_address_is_taken_out_of_it() -> None:
    """A gateway that wants its key in the path does not make it public."""
    key = KEYS["hex"]
    view = redactor(key=key, environment=replace(BASE, base_url=f"https://gateway.example.com/{key}/v1"))
    assert not view.withholds
    assert view.url(f"https://gateway.example.com/{key}/v1") == "https://gateway.example.com/[redacted]/v1"


def test_server_text_can_be_switched_off() -> None:
    """`server_text = false` withholds, however strong the key."""
    assert redactor(key=KEYS["hex"], environment=replace(BASE, server_text=False)).text("any sentence") is None


def test_generated_text_is_known_once_it_is_told() -> None:
    """A reply's own words must not come out by another of its fields."""
    view = redactor(key=KEYS["hex"])
    told = view.also("The harvest moon rises over quiet fields")
    assert view.model_id("harvest-moon-rises-over-quiet-fields") == "harvest-moon-rises-over-quiet-fields"
    assert "moon" not in told.model_id("harvest-moon-rises-over-quiet-fields")
    assert told.model_id("moon-7b") == "moon-7b"


def test_an_ordinary_sentence_may_share_words_with_the_prompt() -> None:
    """Two words in common are no echo."""
    view = redactor(key=KEYS["hex"], prompt=PROMPTS["custom"])
    for sentence in (
        "Please retry in two minutes.",
        "the northern region is down",
        "Please try with the default model.",
    ):
        assert view.text(sentence) == sentence


def test_two_long_words_of_a_long_prompt_are_no_part_of_it() -> None:
    """They are as many letters as four short ones, and say no more than two words do."""
    view = redactor(
        prompt="Describe the authentication configuration of the gateway in one paragraph, and name its risks."
    )
    assert view.text("check your authentication configuration") == "check your authentication configuration"


@pytest.mark.parametrize("prompt", ["model", "ping"])
def test_a_prompt_of_one_word_leaves_the_names_of_fields_alone(prompt: str) -> None:
    """It is taken out of sentences, as a word of its own."""
    view = redactor(key=KEYS["hex"], prompt=prompt)
    assert view.key_path("model") == "model"
    assert view.text(f"you sent {prompt} to us") == "you sent [redacted] to us"
    assert view.text("shipping the modelling tools") == "shipping the modelling tools"


def test_a_header_value_that_is_an_ordinary_word_is_taken_out_of_sentences() -> None:
    """As a word of its own, and not out of the name of the environment that is called the same."""
    environment = replace(BASE, name="production", base_url="https://production.example.com/v1")
    view = redactor(key=KEYS["hex"], header="production", environment=environment)
    assert (
        view.text("X-Env production is unknown, reproduction of it too")
        == "X-Env [redacted] is unknown, reproduction of it too"
    )
    assert view.url("https://production.example.com/v1") == "https://production.example.com/v1"
    assert view.model_id("production-gpt-4o") == "production-gpt-4o"


@pytest.mark.parametrize(
    "honest",
    [
        "environment: production at 2024-10-21T10:00:00Z",
        "Reply with the single sentence, in one word: no",
        "9f86d081884c7d659a2feaa0c55ad0153b241101e2bb42558caf4136c566a962",
        "platform, platforms and platform teams",
        "keys and every header value, the prompt, generated text and its length",
    ],
)
def test_the_tripwire_never_stops_an_honest_artifact(honest: str) -> None:
    """Dates, ordinary words and digests of our own are in every report."""
    view = redactor(key=KEYS["provider-prefixed"], header="production", query="2024-10-21", proxy="platform")
    view.check(honest)
    assert not view.holds_secret(honest)


@pytest.mark.parametrize(
    "secret", [KEYS["short"], KEYS["words"], KEYS["special"], DEFAULT_PROMPT, PROMPTS["chinese"], "team-zebra-4471"]
)
def test_the_tripwire_sees_whole_secrets_in_what_a_server_wrote(secret: str) -> None:
    """In the middle of megabytes, too, and with anything between its characters."""
    view = (
        redactor(key=secret)
        if secret in KEYS.values()
        else redactor(key=KEYS["hex"], header=secret, prompt=PROMPTS["chinese"])
    )
    for spelled in (secret, secret.upper(), "\u200b-".join(secret), secret.replace("", " ")):
        assert view.holds_secret("an honest line\n" * 500 + spelled + "\nand another" * 500)


@pytest.mark.parametrize(
    ("view", "value"),
    [
        (redactor(key=KEYS["short"]), KEYS["short"]),
        (redactor(header=KEYS["hex"]), KEYS["hex"]),
        (redactor(proxy="made-up-Pa55"), "made-up-Pa55"),
        (redactor(query=KEYS["provider-prefixed"]), KEYS["provider-prefixed"]),
    ],
    ids=["key", "header", "proxy", "query"],
)
def test_the_last_tripwire_stops_what_lets_somebody_in(view: Redactor, value: str) -> None:
    """Keys, proxy passwords, and header and query values that are opaque stand in nobody's own words."""
    with pytest.raises(LeakError):
        view.check(f"an honest line\n{value}\nand another")


@pytest.mark.parametrize("prompt", [DEFAULT_PROMPT, PROMPTS["chinese"]])
@pytest.mark.parametrize("header", ["team-zebra-4471", "openai"])
def test_the_last_tripwire_lets_the_users_own_words_pass(header: str, prompt: str) -> None:
    """A reason may say what a header or a prompt says too; it is theirs, and no run ends for it."""
    redactor(key=KEYS["hex"], header=header, prompt=prompt).check(f"reason: {header} is not rolled out; {prompt}")


def test_scrubbed_text_keeps_its_lines() -> None:
    """A traceback stays readable, and gives nothing away: not plain, not escaped, not broken over lines."""
    key = KEYS["special"]
    view = redactor(key=key)
    escaped = "".join(f"\\x{ord(c):02x}" for c in key)
    trace = (
        f'File "x.py", line 3, in send\n  raise Bad("{key}")\nBad: {key[:9]}\n{key[9:]}\n  {escaped}\nlast \x1b[31mline'
    )
    scrubbed = view.scrub(trace)
    assert readable(scrubbed, key) is None
    assert scrubbed.count("\n") == trace.count("\n")
    assert scrubbed.startswith('File "x.py", line 3, in send\n')
    assert scrubbed.endswith("\nlast line")


def test_saved_text_is_redacted_when_it_is_loaded_with_a_redactor() -> None:
    """A file may have been written by anyone; a value made in this process is taken as it is."""

    class Saved(BaseModel):
        preview: SafeText

    raw = Redacted("bad key sk-live0123456789abcdefXYZ given")
    assert Saved(preview=raw).preview == raw
    assert Saved.model_validate({"preview": raw}, context=ANY).preview == "bad key [redacted] given"


def test_secrets_are_opened_wherever_an_environment_holds_them() -> None:
    """Key, prompt, header and its credential, query, proxy userinfo in both spellings, and sentences in chat_params."""
    environment = replace(
        BASE,
        api_key=SecretStr("k3y-0123456789"),
        headers={
            "A": SecretStr("Basic c2FtOmhhcmQtdG8tZ3Vlc3M="),
            "B": SecretStr("sid=abcdef123456; theme=dark"),
            "C": SecretStr("Basic abcde"),
        },
        query={"sig": SecretStr("q-0123")},
        proxy=SecretStr("http://sam:p%40ss@proxy.example"),
        chat_params={
            "stop": ["three little words"],
            "effort": "low",
            "user": "customer-00017",
            "n": 1,
            "meta": {"a": None},
        },
    )
    values = {secret.value for secret in secrets_of(environment)}
    assert values >= {
        "k3y-0123456789", DEFAULT_PROMPT, "c2FtOmhhcmQtdG8tZ3Vlc3M=", "hard-to-guess", "abcdef123456", "q-0123",
        "sam:p%40ss",
        "sam:p@ss", "p@ss", "three little words", "customer-00017",
    }  # fmt: skip
    assert "low" not in values
    assert all(secret.value not in repr(secret) for secret in secrets_of(environment))


@pytest.mark.parametrize("proxy", ["http://proxy.example:3128", "http://[bad"])
def test_a_proxy_without_userinfo_holds_no_secret(proxy: str) -> None:
    """Its host is no secret."""
    kinds = {secret.kind for secret in secrets_of(replace(BASE, proxy=SecretStr(proxy)))}
    assert SecretKind.PROXY not in kinds


def test_a_secret_does_not_come_out_by_its_repr() -> None:
    """Nor by a debugger that shows one."""
    assert repr(Secret(SecretKind.KEY, "k3y")) == "Secret(key)"


@pytest.mark.clock
def test_twenty_thousand_names_cost_little_more_than_one() -> None:
    """A bound that a scan of each name in every reading would miss by far, on any machine."""
    ids = [f"vendor-{i % 50}/Model-{i % 9}.{i % 7}-{i}b-Instruct" for i in range(20_000)]
    view = redactor(key=KEYS["provider-prefixed"])
    start = time.process_time()
    assert view.model_ids(ids) == ids
    assert time.process_time() - start < 2


def test_a_list_of_odd_names_is_bounded() -> None:
    """A hostile list costs as much as its first few thousand names; the rest is not shown."""
    ids = [f"{i:05d}%20odd" for i in range(2500)]
    shown = ANY.model_ids(ids)
    assert shown[:3] == ["00000 odd", "00001 odd", "00002 odd"]
    assert shown[-1] == "[redacted]"


def test_a_key_in_a_long_list_is_found_in_one_name_and_over_two() -> None:
    """The short cut through a long list looks across the borders of its names."""
    key = KEYS["provider-prefixed"]
    ids = [f"vendor/model-{i}" for i in range(1000)]
    ids[300] = key[:20]
    ids[500:502] = [f"a{key[8:14]}", f"{key[14:20]}b"]
    shown = redactor(key=key).model_ids(ids)
    assert [i for i, (before, after) in enumerate(zip(ids, shown, strict=True)) if before != after] == [300, 500, 501]


@pytest.mark.parametrize("between", ["", " ", "-", "\u200b-", ", "])
def test_the_last_tripwire_sees_a_key_that_is_spelt_close_together(between: str) -> None:
    """As a sloppy server spaces it out."""
    view = redactor(key=KEYS["hex"])
    with pytest.raises(LeakError):
        view.check("an honest line\n" + between.join(KEYS["hex"]) + "\nand another")


def test_a_key_of_which_each_name_has_a_letter_stops_no_run() -> None:
    """A hostile list must not cost the others' reports; what its own server wrote is still withheld for it."""
    view = redactor(key=KEYS["hex"])
    listed = ", ".join(f"+!{chr(33 + place % 15)}{letter}" for place, letter in enumerate(KEYS["hex"]))
    view.check(listed)
    assert view.holds_secret(listed)
