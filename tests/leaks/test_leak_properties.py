from __future__ import annotations

import json
import string
from typing import Final

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gateways.good import GOOD, completion, model_list, openai_error
from gateways.wire import json_reply, reply
from leaks.echo_run import revealed
from leaks.in_process import artifacts
from leaks.kinds import Kind
from leaks.places import MODEL, PLACES, Replies
from leaks.spellings import SPELLINGS

# Of a key of letters and digits at random, next to nothing is an ordinary word.
KEYS: Final = st.text(string.ascii_letters + string.digits + "-_.+/=", min_size=16, max_size=60).filter(
    # A report's own time of day has a run of noughts.
    lambda key: "00" not in key and sum(map(str.isdigit, key)) > 3 and len(set(filter(str.isalnum, key))) > 9
)
WORDS: Final = st.text(string.ascii_lowercase, min_size=3, max_size=9)
PROMPTS: Final = st.lists(WORDS, min_size=7, max_size=24, unique=True).map(" ".join)
TEXTS: Final = st.text(max_size=40)
STATUSES: Final = st.sampled_from([400, 401, 403, 404, 422, 429, 500, 503])
NO_NETWORK: Final = frozenset({"a status line that is none", "no HTTP at all", "an error cut short", "a broken chunk"})
READ: Final = st.sampled_from([place for place in PLACES if place not in NO_NETWORK and "cut short" not in place])

quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


def assert_silent(kind: Kind, replies: Replies) -> None:
    for name, text in artifacts(kind, replies).items():
        assert revealed(kind, text) == [], name


@quick
@given(key=KEYS, spelling=st.sampled_from(sorted(SPELLINGS)), place=READ)
def test_no_key_comes_out(key: str, spelling: str, place: str) -> None:
    """Any key, in any spelling, at any place: no renderer's output can be read to hold it."""
    kind = Kind("any", key)
    assert_silent(kind, PLACES[place](SPELLINGS[spelling](key)))


@quick
@given(key=KEYS, before=TEXTS, after=TEXTS, status=STATUSES)
def test_no_key_comes_out_of_any_text(key: str, before: str, after: str, status: int) -> None:
    """Any text around a key, as message, model id, member, title and redirect: nothing of the key stays."""
    kind, text = Kind("any", key), f"{before}{key}{after}"
    members = {**completion(GOOD, model=text), text: {text: text}}
    for replies in (
        Replies(models=json_reply(status, openai_error(text, kind=text, code=text))),
        Replies(
            models=json_reply(200, model_list((text, after or MODEL, before or MODEL))), chat=json_reply(200, members)
        ),
        Replies(models=reply(status, f"<title>{text}</title>".encode(), ("Content-Type", "text/html"))),
    ):
        assert_silent(kind, replies)


@quick
@given(prompt=PROMPTS, cut=st.integers(0, 3), place=READ)
def test_no_prompt_comes_out(prompt: str, cut: int, place: str) -> None:
    """Any prompt, or most of it, at any place: never five of its words in a row."""
    words = prompt.split()
    assert_silent(Kind("any", prompt, "prompt"), PLACES[place](" ".join(words[cut:])))


@quick
@given(reply_text=PROMPTS, cut=st.integers(0, 3), place=READ.filter(lambda place: not place.endswith(", models")))
def test_nothing_that_was_generated_comes_out(reply_text: str, cut: int, place: str) -> None:
    """What a model wrote does not come out by another member of the same reply either."""
    replies = PLACES[place](" ".join(reply_text.split()[cut:]))
    head, _, body = replies.chat.partition(b"\r\n\r\n")
    assume(body.startswith(b"{") and b" 200 " in head and b"choices" in body)
    document = json.loads(body)
    document["choices"].append({"index": 1, "message": {"role": "assistant", "content": reply_text}})
    assert_silent(Kind("any", reply_text, "generated"), Replies(chat=json_reply(200, document)))
