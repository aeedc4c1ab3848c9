"""What each method of the redactor keeps, and what it takes out."""

from __future__ import annotations

import re
import time
import uuid

import pytest
from echoes import KEYS, PROMPTS, readable
from known_secrets import redactor
from pydantic import BaseModel

from envcheck.errors import LeakError
from envcheck.model import DEFAULT_PROMPT, Fault
from envcheck.redact import MARKER, Redacted, Redactor, SafeText

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
        ("https://xn--bcher-kva.example/v1", "https://xn--bcher-kva.example/v1"),
        ("https://xn--fiqs8s3b7k2a9c.example.com/v1", "https://xn--fiqs8s3b7k2a9c.example.com/v1"),
        ("https://j8kq2mzp4vx7rt1w.us-east-1.aws.endpoints.huggingface.cloud/v1",) * 2,
        ("https://k7x2m9q4w1.execute-api.eu-west-1.amazonaws.com/prod",) * 2,
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
        ("MASTER_KEY=letmein here", "MASTER_KEY=[redacted] here"),
        ("your password is hunter2x, sir", "your password is [redacted], sir"),
        ("your password is 'let me in' again", "your password is '[redacted]' again"),
        ("your token is expired", "your token is expired"),
        (
            "no arn:aws:bedrock:us-east-1:123456789012:provisioned-model/8fxlmgbfqz3i here",
            "no arn:aws:bedrock:us-east-1:[redacted]:provisioned-model/8fxlmgbfqz3i here",
        ),
        ("bad input: Dear Ms Alvarez, it is overdue. Try again.", "bad input: [redacted]. Try again."),
        ("prompt='Write a test for the user' is too long. Try again.", "prompt=[redacted]. Try again."),
        ("messages[0].content: 'No. And so on?' is refused. Try again.", "messages[0].content: [redacted]. Try again."),
        ("completion: once upon a time there was a king", "completion: [redacted]"),
        ("messages: first message must use the user role", "messages: first message must use the user role"),
        (
            "content: must be a string, or an array of text and image parts",
            "content: must be a string, or an array of text and image parts",
        ),
        ("generation: Server error: CUDA error: no kernel", "generation: Server error: CUDA error: no kernel"),
        ("dump 7b:22:6e:61:6d:65:22:3a here", "dump [redacted] here"),
        ('{"message": "please try again later"}', '{"message": "please try again later"}'),
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


def test_server_text_can_be_switched_off() -> None:
    """`server_text = false` withholds a server's words; what is measured is shown all the same."""
    view = redactor(key=KEYS["hex"]).for_server(shows_text=False)
    assert view.withholds
    assert view.text("any sentence") is None
    assert view.preview(["code"], ["any sentence"]) is None
    assert view.identifier("invalid_request_error") is None
    assert view.model_id("gpt-4o-mini") == "gpt-4o-mini"
    assert view.key_path("choices[].message.role") == "choices[].message.role"
    assert view.also("a reply").withholds
    assert not redactor(key=KEYS["hex"]).for_server(shows_text=True).withholds


def test_a_key_in_a_path_is_taken_out_of_an_address() -> None:
    """A gateway that wants its key in the path does not make it public."""
    key = KEYS["hex"]
    assert redactor(key=key).url(f"https://gw.example.com/{key}/v1") == "https://gw.example.com/[redacted]/v1"


def test_two_raw_names_are_told_apart_within_a_run_and_by_nobody_else() -> None:
    """All views of one redactor agree, another redactor does not, and a token is sixteen hex digits."""
    view = redactor(key=KEYS["hex"])
    one, other = (f"arn:aws:bedrock:us-east-1:{account}:x" for account in ("123456789012", "210987654321"))
    assert view.model_id(one) == view.model_id(other)
    assert view.token(one) == view.for_server(shows_text=False).also("a reply").token(one)
    assert view.token(one) != view.token(other)
    assert view.token(one) != redactor(key=KEYS["hex"]).token(one)
    assert re.fullmatch("[0-9a-f]{16}", view.token("any \ud800 name"))


def test_the_preview_leads_with_code_and_type() -> None:
    """Each once, and only where it is an identifier."""
    assert ANY.preview(["no_key", "no_key", "not one"], ["No key.", "Send one."]) == "no_key: No key.: Send one."


def test_words_of_our_own_pass() -> None:
    """They were written by us; the type checker sees to that."""
    assert ANY.own(Fault.RESET) == "connection reset by the other side"
    assert ANY.own("a phrase") == "a phrase"


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


@pytest.mark.parametrize("secret", [KEYS["short"], KEYS["words"], KEYS["special"], DEFAULT_PROMPT, PROMPTS["chinese"]])
def test_the_tripwire_sees_whole_secrets_in_what_a_server_wrote(secret: str) -> None:
    """With anything between its characters, and in the middle of a long text, too."""
    view = redactor(key=secret) if secret in KEYS.values() else redactor(prompt=secret)
    for spelled in (secret, secret.upper(), "\u200b-".join(secret), secret.replace("", " "), secret.encode().hex()):
        assert view.holds_secret("an honest line\n" * 50 + spelled + "\nand another" * 50)


@pytest.mark.parametrize(
    "spell", [str, str.upper, lambda text: f"x{text}".encode().hex(), lambda text: text.replace("s", "&#x73;", 1)]
)
def test_what_the_last_tripwire_stops_the_seams_sees_too(spell: object) -> None:
    """Else a server could end everybody's run with what its own record let through."""
    assert callable(spell)
    spelled = str(spell(KEYS["provider-prefixed"]))
    view = redactor(key=KEYS["provider-prefixed"])
    assert view.holds_key(spelled)
    assert view.holds_secret(spelled)


def test_a_key_of_which_no_part_is_strange_enough_is_seen_by_both() -> None:
    """It is looked for whole: its parts are ordinary words with a letter or two between them."""
    view = redactor(key="internal-xy-gateway-zw-service")
    assert view.holds_key("the internal-xy-gateway-zw-service")
    assert view.holds_secret("the internal-xy-gateway-zw-service")
    assert view.text("no internal-xy-gateway-zw-service here") == "no [redacted] here"
    assert view.text("no internal-xy-gateway here") == "no internal-xy-gateway here"


@pytest.mark.parametrize("between", [" ", "-", ", ", "\n"])
def test_the_last_tripwire_lets_halves_and_letters_of_a_key_pass(between: str) -> None:
    """Two names beside each other, and a list with a letter of a key in each, are nobody's key."""
    key = KEYS["hex"]
    redactor(key=key).check(f"{key[:16]}{between}{key[16:]} and {between.join(key)}")


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


def test_twenty_thousand_names_cost_little_more_than_one() -> None:
    """A bound that a scan of each name in every reading would miss by far, on any machine."""
    ids = [f"vendor-{i % 50}/Model-{i % 9}.{i % 7}-{i}b-Instruct" for i in range(20_000)]
    view = redactor(key=KEYS["provider-prefixed"])
    start = time.process_time()
    assert view.model_ids(ids) == ids
    assert time.process_time() - start < 3


def test_a_list_of_odd_names_is_bounded() -> None:
    """A hostile list costs as much as its first few thousand names, which take no seconds; the rest is not shown."""
    ids = [f"{i:05d}%20odd" for i in range(6000)]
    shown = ANY.model_ids([*ids, "gpt-4o"])
    assert shown[:3] == [f"00000 odd{MARKER}", f"00001 odd{MARKER}", f"00002 odd{MARKER}"]
    assert shown[-2:] == [MARKER, "gpt-4o"]
    start = time.process_time()
    ANY.model_ids([str(uuid.UUID(int=i * 7919**9 % 2**128)) for i in range(1000)])
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("hf_internalmodelkeyname", MARKER),
        ("input:Northwind-mergerNotes-of-May", "input:Northwind-mergerNotes-of-May"),
        (
            "arn:aws:bedrock:eu-west-1:123456789012:custom-model/abc",
            f"arn:aws:bedrock:eu-west-1:{MARKER}:custom-model/abc",
        ),
    ],
)
def test_a_name_is_held_against_shapes_too(raw: str, shown: str) -> None:
    """A provider's prefix goes; what introduces a quotation in a sentence is a part of a name."""
    assert ANY.model_id(raw) == shown


def test_a_name_that_no_gateway_has_is_taken_out_unread() -> None:
    """However it is escaped, no id is as long."""
    assert ANY.model_id("x-" * 1000) == MARKER
    assert ANY.model_id("a b " * 150) == MARKER
    assert ANY.model_id("&amp;amp;amp;" + " b" * 210) == MARKER
    raw = f"{'team/' * 28}gpt-4o"
    assert ANY.model_id("".join(f"%{ord(letter):02x}" for letter in raw)) == f"{raw}{MARKER}"


def test_a_name_that_unfolds_to_a_long_one_is_taken_out_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """One character may be folded to eighteen, and a list of such names held the process for a minute."""
    monkeypatch.setattr("envcheck.redact.redactor.normalised", None)
    assert Redactor().model_id("1" + "\ufdfa" * 45) == MARKER
    assert Redactor().model_ids(["\ufdfa" * 700]) == [MARKER]


def test_a_list_of_long_odd_names_is_bounded_by_their_letters() -> None:
    """Five thousand long ones cost what many more of the usual length do; the usual ones are all read."""
    ids = [f"{i:04d}%20{'odd-' * 45}" for i in range(2000)]
    shown = ANY.model_ids([*ids, ids[0]])
    assert (shown[0], shown[-2], shown[-1]) == (f"0000 {'odd-' * 45}{MARKER}", MARKER, shown[0])
    usual = [f"{i:04d}-{'odd-' * 12}of us" for i in range(4900)]
    assert ANY.model_ids(["x" * 10**5, *usual]) == [MARKER, *usual]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("gpt-4o\u200b", f"gpt-4o{MARKER}"),
        (" o3", f"o3{MARKER}"),
        ("o3 ", f"o3{MARKER}"),
        ("Qwen%2FQwen2.5", f"Qwen/Qwen2.5{MARKER}"),
        ("Qwen\\/Qwen2.5", f"Qwen/Qwen2.5{MARKER}"),
        ("\uff41", f"a{MARKER}"),
        ("my  model", f"my model{MARKER}"),
        ("\u200b", MARKER),
        ("word " * 50, f"{'word ' * 38}{MARKER}"),
        ("word " * 30 + "letters-" * 12, f"{'word ' * 29}word{MARKER}"),
        ("key=%20", f"key={MARKER}"),
        ("\u200bft:4bf92f3577b34da6a3ce929d0e0e4736", f"ft:{MARKER}"),
    ],
)
def test_a_name_that_is_not_shown_as_it_was_served_says_so(raw: str, shown: str) -> None:
    """In a saved record it would pass for the name without what was dropped; it stays as it is when it is read."""
    assert ANY.model_id(raw) == shown
    assert ANY.model_id(shown) == ANY.loaded(shown) == shown
