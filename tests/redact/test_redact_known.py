"""What is looked for of each secret and where, and what is not because honest text holds it."""

from __future__ import annotations

import base64

import pytest
from known_secrets import redactor, secret
from test_honest_names import NAMES

from envcheck.redact import MARKER, Redactor, SecretKind

KEY = "Vt3bQ9xLm2Rk8WzYp5Nc7HdJ4sGfA6uE"
PROMPT = "Summarise the quarterly revenue of the northern branch in two sentences, please."


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("bad key Vt3bQ9xLm2Rk8WzYp5Nc7HdJ4sGfA6uE given", "bad key [redacted] given"),
        ("it ends in J4sG-fA6u here", "it ends in [redacted] here"),
        ("it holds 9x-Lm 2R-k8 WZ in it", "it holds [redacted] in it"),
        ("seven of it: bQ9xLm2 are few", "seven of it: bQ9xLm2 are few"),
    ],
)
def test_eight_characters_of_a_key_in_a_row_go_and_what_touches_them(sentence: str, shown: str) -> None:
    """In any case and with anything between that is no letter; seven may stand there by chance."""
    assert redactor(key=KEY).text(sentence) == shown


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, bytes.hex], ids=["64", "url", "hex"])
def test_a_sentence_that_holds_an_encoded_key_is_withheld_and_code_and_type_stay(encode: object) -> None:
    """Nobody can say which part of it is the key, so none of that sentence is shown; another one is."""
    assert callable(encode)
    spelled = encode(f"user:{KEY}".encode())
    text = spelled.decode() if isinstance(spelled, bytes) else spelled
    view = redactor(key=KEY)
    pieces = " ".join(text[i : i + 6] for i in range(0, len(text), 6))
    assert view.text(f"you sent {pieces} to us") is None
    shown = view.preview(["invalid_api_key"], [f"You sent {pieces} to us.", "Please try again later."])
    assert shown == "invalid_api_key: Please try again later."


def test_one_encoding_within_the_other_is_seen_too() -> None:
    """A gateway that logs what another gateway encoded."""
    view = redactor(key=KEY)
    for inner in (base64.b64encode(KEY.encode()), KEY.encode().hex().encode()):
        for outer in (base64.b64encode(inner).decode(), inner.hex()):
            broken = "-".join(outer[i : i + 7] for i in range(0, len(outer), 7))
            assert view.text(f"seen {broken} today") is None


def test_a_value_of_ordinary_words_is_looked_for_whole() -> None:
    """Each of its words is in honest text; all of them in its order are not."""
    view = redactor(key="invalid-request-error")
    assert view.text("you sent invalid_request_error to us") == "you sent [redacted] to us"
    assert view.text("an invalid_request is an error") == "an invalid_request is an error"
    assert view.model_id("gateway/invalid-request-error") == f"gateway/{MARKER}"


def test_a_short_key_is_looked_for_whole() -> None:
    """Within words where it is none itself, and encoded; a part of it says too little."""
    view = redactor(key="Zk4p9w")
    assert view.text("keyZk4p9wwas refused") == "[redacted] refused"
    assert view.text(f"sent {base64.b64encode(b'Zk4p9w').decode()} to us") is None
    assert view.model_id("tenants/zk4p9W/gpt-4o") == f"tenants/{MARKER}/gpt-4o"
    assert view.text("you sent Zk4p9 to us") == "you sent Zk4p9 to us"
    assert redactor(key="hunter").text("the hunter encountered hunters") == "the [redacted] encountered hunters"


@pytest.mark.parametrize("key", ["EMPTY", "ollama", "none", "lm-studio", "sk-no-key-required", "dummy", "test", "vllm"])
def test_a_placeholder_is_no_secret_and_withholds_nothing(key: str) -> None:
    """The commonest local set-ups get help, and lose no name."""
    view = redactor(key=key)
    assert view.text(f"{key} is what everyone sets, try {key}") == f"{key} is what everyone sets, try {key}"
    if not key.startswith("sk-"):  # which has the shape of somebody's key, known or not
        assert view.model_ids([f"{key}-7b", f"library/{key}-chat"]) == [f"{key}-7b", f"library/{key}-chat"]
    view.check(f"{key} is what everyone sets")


def test_twenty_four_characters_of_a_prompt_go_and_fewer_stay() -> None:
    """Four words in common with it are no echo of it."""
    view = redactor(prompt=PROMPT)
    assert view.text("you sent quarterly revenue of the northern to us") == "you sent [redacted] to us"
    for sentence in ("Please retry in two minutes.", "the northern branch is down", "revenue of the quarter"):
        assert view.text(sentence) == sentence


def test_a_short_prompt_is_looked_for_whole_from_eight_characters_on() -> None:
    """`ping` is in honest sentences."""
    assert redactor(prompt="ping test").text("you wrote Ping, test! to us") == "you wrote [redacted]! to us"
    assert redactor(prompt="ping").text("shipping took a ping of 3 ms") == "shipping took a ping of 3 ms"


def test_generated_text_is_known_once_it_is_told() -> None:
    """A reply's own words must not come out by another of its fields: sixteen of them in a row in a name."""
    told = redactor(key=KEY).also("The harvest moon rises over quiet fields, the corn and the barn.")
    assert "moon" not in told.model_id("harvest-moon-rises-over-quiet-fields")
    assert told.key_path("harvest_moon_rises_over") is None
    assert told.key_path("harvest_moon") == "harvest_moon"
    assert told.text("it said: harvest moon rises over quiet fields") == "it said: [redacted]"


@pytest.mark.parametrize("kind", [SecretKind.HEADER, SecretKind.QUERY])
def test_a_value_that_is_words_is_taken_out_of_sentences_alone(kind: SecretKind) -> None:
    """A team, a vendor or a region may be called like a model."""
    view = Redactor([secret(kind, "production")])
    assert view.text("X-Env production is unknown, reproduction too") == "X-Env [redacted] is unknown, reproduction too"
    assert view.model_id("production/gpt-4o") == "production/gpt-4o"
    assert view.url("https://production.example.com/v1") == "https://production.example.com/v1"


@pytest.mark.parametrize("kind", [SecretKind.HEADER, SecretKind.QUERY])
@pytest.mark.parametrize(
    "value",
    [
        "QX7R-9KTM-2LWP-8HVD",
        "Xk7-pQ2-vN9-tR4-wL8-zB3",
        "xk7-pq2-vn9-tr4-wl8-zb3",
        "tenant-Falcon-77xQ9z-Hallway",
        "aGk7 Zp9q Lm2x Vb4n",
        "7f3a-9c2e-11b0-4d5d",
        "a7k-3p1-q4z-8x9-1b2",
        "QXRK-KTMW-LWPZ-HVDB",
        "aGkZ.wQmT.kLpX",
        "4471-8823-9910-2276",
        "tenant-7f3a-9c2e",
        "team-QAXJ-QEVQ",
        "team-aReN-oLeT",
        "team-brdst-mntls",
    ],
)
def test_a_value_in_short_groups_is_no_words(kind: SecretKind, value: str) -> None:
    """Each group alone could be a build or a version; the whole of it lets somebody in, wherever it is named."""
    view = Redactor([secret(kind, value)])
    assert view.model_id(value) == MARKER
    assert view.model_id(f"x/{value}").endswith(MARKER)
    assert view.key_path(f"usage.{value}") is None
    assert view.identifier(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "team-zebra-4471-internal",
        "correct-horse-battery-staple",
        "k8s-prod-eu1-blue",
        "gw2-prod-2024-08-01-preview",
        "h100x8-a100x4-1024x768",
        "4o-o3-r1",
        "llama3v2-qwen2v5-chat",
        "eu1-us2-fp8-bf16-prod",
        "http-html-llm-prod",
        "2024-10-21/2025-01-31",
        "RedHatAI/Qwen3-30B-A3B-w4a16",
        "mistralai/Mixtral-8x7B-Instruct-v0.1-GPTQ",
        "bartowski/Llama-3.2-3B-Instruct-GGUF:Q6_K_L",
    ],
)
def test_a_value_of_words_versions_and_sizes_is_still_shown_in_names(value: str) -> None:
    """A team, a machine, a date, a size or a model's whole name in a header takes no such name away."""
    view = Redactor([secret(SecretKind.HEADER, value)])
    assert view.model_id(value) == value
    assert not view.holds_key(value)


@pytest.mark.parametrize("kind", [SecretKind.HEADER, SecretKind.QUERY])
def test_no_honest_name_is_a_key_for_its_groups(kind: SecretKind) -> None:
    """Whatever a real gateway calls a model may be in a header, fine-tuned ones with a random end aside."""
    views = {name: Redactor([secret(kind, name)]) for name in NAMES if not name.startswith(("ft:", "arn:"))}
    assert [name for name, view in views.items() if view.model_id(name) != name] == []


@pytest.mark.parametrize(
    ("kind", "value", "hidden"),
    [
        (SecretKind.HEADER, "tenant Wq83Zk50Lm27x", "Wq83Zk50Lm27x"),
        (SecretKind.KEY, "Basic c2FtOmhhcmQtdG8tZ3Vlc3M=", "hard-to-guess"),
        (SecretKind.KEY, "Bearer correct-horse-7battery", "correct-horse-7battery"),
        (SecretKind.KEY, "session=abcdef123456; theme=dark", "abcdef123456"),
        (SecretKind.PROXY, "http://sam:p%40ssw0rd-of-sam@proxy.example", "p@ssw0rd-of-sam"),
        (SecretKind.PROXY, "http://c0rrect-horse@proxy.example", "c0rrect-horse"),
    ],
)
def test_a_secret_is_opened_wherever_it_holds_what_lets_somebody_in(kind: SecretKind, value: str, hidden: str) -> None:
    """Without its scheme, decoded from Basic, the parts of a cookie, a proxy's userinfo in both spellings."""
    view = Redactor([secret(kind, value)])
    assert view.model_id(f"tenants/{hidden}/gpt") == f"tenants/{MARKER}/gpt"
    assert view.holds_key(f"a reason: {hidden}")


@pytest.mark.parametrize("proxy", ["http://proxy.example:3128", "http://[bad", "http://sam:pw@proxy.example"])
def test_the_words_of_a_proxys_address_are_no_secret(proxy: str) -> None:
    """Its host may be told, and what is no address holds nothing."""
    view = Redactor([secret(SecretKind.PROXY, proxy)])
    assert view.text("proxy.example refused the connection") == "proxy.example refused the connection"


def test_a_secret_does_not_come_out_by_its_repr() -> None:
    """Nor by a debugger that shows one, nor by that of a redactor."""
    told = secret(SecretKind.KEY, KEY)
    assert KEY not in f"{told!r} {Redactor([told])!r} {vars(Redactor([told]))!r}"


def test_secrets_of_many_environments_are_known_together() -> None:
    """A gateway may be shared, and a thousand keys are still found, each by a part of it."""
    keys = [f"k{i:04d}-{i * 7919:08x}-{i * 104729:08x}" for i in range(1000)]
    view = Redactor(secret(SecretKind.KEY, key) for key in keys)
    assert all(view.text(f"bad key {key[:-4]} given") == "bad key [redacted] given" for key in keys[::50])
