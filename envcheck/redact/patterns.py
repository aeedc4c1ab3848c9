"""Rule 5: secrets nobody told us of, known by their shape or by what introduces them; each pattern is linear."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from envcheck.redact.normal import MARK
from envcheck.redact.vocabulary import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.redact.normal import Span

_PROVIDERS: Final = (
    ("OpenAI and all who copied it", r"sk-(?:[A-Za-z0-9_-]{16,400}|(?=[A-Za-z_-]{0,20}[0-9])[A-Za-z0-9_-]{8,16})"),
    ("Groq, xAI, Cerebras, sessions of OpenAI", r"(?:gsk_|xai-|csk-|sess-)[A-Za-z0-9]{16,}"),
    ("Google", r"AIza[A-Za-z0-9_-]{20,}|AQ\.Ab8[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_.-]{16,}|GOCSPX-[A-Za-z0-9_-]{16,}"),
    ("Hugging Face, Replicate, Fireworks, Perplexity", r"(?:hf|api_org|r8|fw|fpk)_[A-Za-z0-9]{12,}|pplx-\w{20,}"),
    ("Together, NVIDIA, Voyage", r"tgp_v1_[A-Za-z0-9_-]{20,}|nvapi-[A-Za-z0-9_-]{20,}|pa-[A-Za-z0-9_-]{30,}"),
    ("AWS", r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}|ABSK[A-Za-z0-9+/=]{20,}"),
    ("Vercel, Databricks, Alibaba", r"vck_[A-Za-z0-9]{20,}|dapi[0-9a-f]{24,}|LTAI[A-Za-z0-9]{12,}"),
    ("LangSmith, GitLab", r"lsv2_[a-z]{2}_\w{20,}|gl(?:pat|oas|dt|rt|ptt|ft)-[\w-]{16,}"),
    ("GitHub", r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}"),
    ("Slack, Stripe", r"xox[a-z]-[A-Za-z0-9-]{10,}|[sprw]k_(?:live|test)_[A-Za-z0-9]{8,}"),
    ("JSON web tokens", r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{0,2000}){0,2}"),
)
PROVIDER_KEY: Final = re.compile("(?<![A-Za-z0-9])(?:" + "|".join(shape for _, shape in _PROVIDERS) + ")|-----BEGIN ")

_WHOLE: Final = (
    ("-----", re.compile(r"-----BEGIN [A-Z ]{1,40}-----[^-]{0,20000}(?:-----END [A-Z ]{1,40}-----)?")),
    ("", PROVIDER_KEY),
    ("@", re.compile(r"(?<=//)[^\s/?#\"'<>]{1,300}(?=@)")),
    ("@", re.compile(r"(?<![^\s\"'(=])[^\s/@:\"'(=]{1,100}:[^\s/@\"']{1,200}(?=@[A-Za-z0-9])")),
    ("?", re.compile(r"(?<=\?)[A-Za-z0-9_.~$-]{1,80}=[^\s\"'<>)\]]{0,4000}")),
    ("&", re.compile(r"(?<=&)[A-Za-z0-9_.~$-]{1,80}=[^\s\"'<>)\]&]{0,4000}")),
)
"""What goes whole: PEM, providers' keys, userinfo, the query of an address; each with what any of it must hold."""
_COOKIE: Final = re.compile(r"(?i)\b(?:set-)?cookie\s{0,3}[:=]\s{0,3}(?P<value>[^\"']{3,4000})")
_SCHEME: Final = re.compile(
    r"(?i)\b(?:bearer|basic|digest|negotiate)[ :=]{1,3}[\"'(<\[{]{0,2}(?P<value>[^\s\"'<>()\[\]{},;]{2,4000})"
)
_NAMED: Final = re.compile(
    r"(?i)(?:api[-_ ]?key|master[-_]?key|secret|password|passwd|pwd|passphrase|authorization|credentials?|signature"
    r"|token|subscription-key|session[-_]?id|key hash|x-amz-[a-z-]{1,30}|traceparent)"
    r"[\"']?\s{0,3}(?P<sign>[:=]>?|\bis\b)\s{0,3}"
    r"(?:(?P<mark>[\"'])(?P<quoted>[^\"']{1,1000})(?P=mark)|(?P<bare>[^\s\"'<>()\[\]{},;&]{3,4000}))"
)
_QUOTING: Final = re.compile(  # a gateway that quotes what it was sent, or what a model made
    r"(?i)\b(?:(?:prompt|input|completion|generation|reply|output)s?|(?P<often>messages|responses?|contents?))[\"']?\s{0,3}[=:]\s{0,3}"
    r"(?P<value>(?P<mark>[\"'`\u201c\u2018\u00ab])?.{1,4000})"
)
_END_OF_QUOTE: Final = re.compile(r"(?<=.)[\"'`\u201d\u2019\u00bb](?![A-Za-z0-9])")
_END_OF_SENTENCE: Final = re.compile(r"[.!?\u3002](?=\s|$)")
_HAS_DIGIT: Final = re.compile(r"(?=.{6}).{0,99}[0-9]")
_LONG: Final = 16
_TINY: Final = 2
_FEW: Final = 3
_ERROR: Final = re.compile(r"(?i)[\w ]{0,30}(?:error|exception)s?:")
_LETTERS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W_]")
_PLAIN_WORD: Final = re.compile(
    rf"(?:{MARK}|[0-9]{{0,6}}|[A-Z]?[a-z]{{1,24}}|[a-z]{{1,20}}(?:_[a-z]{{1,20}}){{1,4}}|[A-Z]{{1,20}}(?:_[A-Z]{{1,20}}){{0,4}})"
    r"[.:!?=]{0,3}"
)


def spans(text: str, *, in_sentence: bool) -> Iterator[Span]:
    """Find what has the shape of a secret, and in a sentence what it quotes."""
    for pattern in (pattern for needed, pattern in _WHOLE if needed in text):
        yield from (found.span() for found in pattern.finditer(text))
    yield from (found.span("value") for found in _COOKIE.finditer(text))
    yield from (found.span("value") for found in _SCHEME.finditer(text) if not _PLAIN_WORD.fullmatch(found["value"]))
    for found in _NAMED.finditer(text):
        group = "quoted" if found["quoted"] else "bare"
        # `password: incorrect` is a sentence, `password: hunter2` and `password=letmein` are not.
        is_said = group == "bare" and not found["sign"].startswith("=")
        is_word, words = _PLAIN_WORD.fullmatch(found[group]), _LETTERS.findall(found[group].lower())
        if (not is_word and _HAS_DIGIT.match(found[group])) if is_said else not (is_word and all(map(is_known, words))):
            yield found.span(group)
    if in_sentence:
        yield from _quoted(text)


def _quoted(text: str) -> Iterator[Span]:
    start = 0
    for _ in range(32):
        found = _QUOTING.search(text, start)
        if not found:
            return
        start = found.start("value")
        closing = _END_OF_QUOTE.search(text, start + 1) if found["mark"] else None
        ending = _END_OF_SENTENCE.search(text, closing.end() if closing else start)
        end = ending.start() if ending else len(text)
        words = [word.lower() for word in _LETTERS.findall(text[start : closing.end() if closing else end])]
        unknown = sum(len(word) > _TINY and not is_known(word) for word in words)
        # `messages: first message must use the user role` speaks of the API, as do most that go on so without quotes.
        is_ours = unknown == 0 and (not found["mark"] or len(words) <= _FEW)
        is_error = bool(_ERROR.match(text, start)) or (bool(found["often"]) and unknown * 4 <= len(words))
        if (found["mark"] and not is_ours) or (end - start >= _LONG and not (is_ours or is_error)):
            yield start, end
            start = end
