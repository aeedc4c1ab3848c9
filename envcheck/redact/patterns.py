"""Layer 4: secrets nobody told us of, known by their shape: provider keys, credentials, long quotations.

Every pattern is linear: no repetition inside a repetition over the same characters, and every repetition bounded.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from envcheck.redact.normal import MARK
from envcheck.redact.vocabulary import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.redact.readings import Span

PROVIDER_KEYS: Final = (
    ("OpenAI and all who copied it", r"sk-(?:[A-Za-z0-9_-]{16,400}|(?=[A-Za-z_-]{0,20}[0-9])[A-Za-z0-9_-]{8,16})"),
    ("OpenAI sessions", r"sess-[A-Za-z0-9]{20,}"),
    ("OpenAI, inside", r"[A-Za-z0-9_-]{0,200}T3BlbkFJ[A-Za-z0-9_-]{0,200}"),
    ("Groq", r"gsk_[A-Za-z0-9]{16,}"),
    ("xAI", r"xai-[A-Za-z0-9]{20,}"),
    ("Google", r"AIza[A-Za-z0-9_-]{20,}|AQ\.Ab8[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_.-]{16,}|GOCSPX-[A-Za-z0-9_-]{16,}"),
    ("Hugging Face", r"(?:hf|api_org)_[A-Za-z0-9]{16,}"),
    ("Replicate", r"r8_[A-Za-z0-9]{16,}"),
    ("Perplexity", r"pplx-[A-Za-z0-9]{20,}"),
    ("Fireworks", r"(?:fw|fpk)_[A-Za-z0-9]{12,}"),
    ("Together", r"tgp_v1_[A-Za-z0-9_-]{20,}"),
    ("Cerebras", r"csk-[A-Za-z0-9]{20,}"),
    ("NVIDIA", r"nvapi-[A-Za-z0-9_-]{20,}"),
    ("Voyage", r"pa-[A-Za-z0-9_-]{30,}"),
    ("Azure", r"[A-Za-z0-9]{20,80}JQQJ99[A-Za-z0-9]{10,80}"),
    ("AWS", r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}|ABSK[A-Za-z0-9+/=]{20,}"),
    ("Vercel", r"vck_[A-Za-z0-9]{20,}"),
    ("Databricks", r"dapi[0-9a-f]{24,}"),
    ("Alibaba", r"LTAI[A-Za-z0-9]{12,}"),
    ("LangSmith", r"lsv2_[a-z]{2}_[A-Za-z0-9_]{20,}"),
    ("GitHub", r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"),
    ("GitLab", r"gl[a-z]{2,6}-[A-Za-z0-9_-]{16,}"),
    ("Slack", r"xox[a-z]-[A-Za-z0-9-]{10,}"),
    ("Stripe", r"[sprw]k_(?:live|test)_[A-Za-z0-9]{8,}"),
    ("JSON web tokens", r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{0,2000}){0,2}"),
)
"""Owner and shape, as data: a new provider is one line."""

_KEYS: Final = re.compile(r"(?<![A-Za-z0-9])(?:" + "|".join(shape for _, shape in PROVIDER_KEYS) + ")")
_PEM: Final = re.compile(r"-----BEGIN [A-Z ]{1,40}-----[^-]{0,20000}(?:-----END [A-Z ]{1,40}-----)?")
_USERINFO: Final = re.compile(
    r"(?<=//)[^\s/?#\"'<>]{1,300}(?=@)|(?<![^\s\"'(=])[^\s/@:\"'(=]{1,100}:[^\s/@\"']{1,200}(?=@[A-Za-z0-9])"
)
_QUERY: Final = re.compile(
    r"(?<=\?)[A-Za-z0-9_.~$-]{1,80}=[^\s\"'<>)\]]{0,4000}|(?<=&)[A-Za-z0-9_.~$-]{1,80}=[^\s\"'<>)\]&]{0,4000}"
)
_COOKIE: Final = re.compile(r"\b(?:set-)?cookie\s{0,3}[:=]\s{0,3}(?P<value>[^\"']{3,4000})", re.IGNORECASE)
_SCHEME: Final = re.compile(
    r"\b(?:bearer|basic|digest|negotiate)[ :=]{1,3}[\"'(<\[{]{0,2}(?P<value>[^\s\"'<>()\[\]{},;]{2,4000})",
    re.IGNORECASE,
)
_NAME: Final = (
    r"\b(?:[A-Za-z0-9]{1,20}[-_]){0,4}(?:api[-_ ]?key|secret|password|passwd|pwd|passphrase|authorization|"
    r"credentials?|signature|subscription-key|session[-_]?id|token|key hash|x-amz-[a-z-]{1,30}|traceparent)"
)
_QUOTED: Final = re.compile(
    rf"{_NAME}[\"']?\s{{0,3}}[:=]>?\s{{0,3}}(?P<mark>[\"'])(?P<value>[^\"']{{1,1000}})(?P=mark)", re.IGNORECASE
)
_ASSIGNED: Final = re.compile(
    rf"{_NAME}\s{{0,3}}=>?\s{{0,3}}(?P<value>[^\s\"'<>()\[\]{{}},;&]{{3,4000}})", re.IGNORECASE
)
_SAID: Final = re.compile(rf"{_NAME}\s{{0,3}}:\s{{0,3}}(?P<value>[^\s\"'<>()\[\]{{}},;&]{{6,4000}})", re.IGNORECASE)

_QUOTES: Final = {'"': '"', "`": "`", "\u201c": "\u201d", "\u2018": "\u2019", "\u00ab": "\u00bb", "\u300c": "\u300d"}
_OPENING: Final = re.compile(r"(?<![^\s(\[{=:,])'(?=\S)")
_CLOSING: Final = re.compile(r"(?<=\S)'(?![A-Za-z0-9])")
_MANY_WORDS: Final = 4
_TINY: Final = 2
_LETTERS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W_]")
# What a gateway quotes of another gateway's error is a server's sentence like any other.
_INTRODUCED: Final = re.compile(
    r"(?:message|msg|detail|error|title|reason|description)[\"']?\s{0,3}[:=]\s{0,3}\Z|(?:Error|Exception)\(\Z"
)
_PLAIN_WORD: Final = re.compile(r"[A-Z]?[a-z]{1,24}|[a-z]{1,20}(?:_[a-z]{1,20}){1,4}|[A-Z]{1,20}(?:_[A-Z]{1,20}){0,4}")
_SMALL_NUMBER: Final = re.compile(r"[0-9]{1,6}")


def spans(text: str) -> Iterator[Span]:
    """Find what has the shape of a secret."""
    for pattern in (_PEM, _KEYS, _USERINFO, _QUERY):
        yield from (found.span() for found in pattern.finditer(text))
    for found in _COOKIE.finditer(text):
        yield found.span("value")
    yield from (found.span("value") for found in _SCHEME.finditer(text) if not _is_a_word(found["value"]))
    for pattern in (_QUOTED, _ASSIGNED):
        yield from (found.span("value") for found in pattern.finditer(text) if not _is_ordinary(found["value"]))
    for found in _SAID.finditer(text):
        # `password: incorrect` is a sentence, `password: hunter2` is not.
        if any(map(str.isdigit, found["value"])) and not _is_a_word(found["value"]):
            yield found.span("value")
    yield from _quotations(text)


def _is_ordinary(value: str) -> bool:
    """Whether what is assigned to a secret's name says something about it, such as `missing`, and is not it."""
    return _is_a_word(value) and all(word in WORDS for word in _LETTERS.findall(value.lower()))


def _is_a_word(value: str) -> bool:
    bare = value.strip(".:!?=")
    return bool(_PLAIN_WORD.fullmatch(bare) or _SMALL_NUMBER.fullmatch(bare)) or bare in {"", MARK}


def _quotations(text: str) -> Iterator[Span]:
    """Find quotations of several words: likely the prompt or a reply."""
    for start, end in _quoted(text):
        quoted = text[start:end]
        if len(quoted.split()) < _MANY_WORDS or _INTRODUCED.search(text[max(0, start - 24) : start - 1]):
            continue
        # `Generate Content API requests per minute` is a name, and no prompt that anyone would write.
        words = [word.lower() for word in _LETTERS.findall(quoted)]
        if not all(word in WORDS or len(word) <= _TINY for word in words):
            yield start, end


def _quoted(text: str) -> Iterator[Span]:
    for opening, closing in _QUOTES.items():
        start = text.find(opening)
        while start >= 0 and (end := text.find(closing, start + 1)) >= 0:
            yield start + 1, end
            start = text.find(opening, end + 1)
    # An apostrophe is the same character: only one that stands before a word opens, only one behind a word closes.
    closings = [found.start() for found in _CLOSING.finditer(text)]
    position = 0
    for found in _OPENING.finditer(text):
        index = bisect_right(closings, found.start())
        if found.start() >= position and index < len(closings):
            yield found.end(), closings[index]
            position = closings[index] + 1
