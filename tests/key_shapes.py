"""Keys that nobody has: one of every shape in which providers make them, random and the same in every run."""

from __future__ import annotations

import random
import string
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HEX: Final = "0123456789abcdef"
LOWER: Final = string.ascii_lowercase + string.digits
UPPER: Final = string.ascii_uppercase + string.digits
ANY: Final = string.ascii_letters + string.digits
BASE64URL: Final = ANY + "_-"

# Each part is text as it stands, or an alphabet and how many characters of it.
_SHAPES: Final[dict[str, tuple[str | tuple[str, int], ...]]] = {
    "openai": ("sk-", (ANY, 20), "T3BlbkFJ", (ANY, 20)),
    "openai project": ("sk-proj-", (BASE64URL, 74), "T3BlbkFJ", (BASE64URL, 74)),
    "openai service account": ("sk-svcacct-", (BASE64URL, 74), "T3BlbkFJ", (BASE64URL, 74)),
    "openai admin": ("sk-admin-", (BASE64URL, 58), "T3BlbkFJ", (BASE64URL, 58)),
    "openai session": ("sess-", (ANY, 40)),
    "anthropic": ("sk-ant-api03-", (BASE64URL, 93), "AA"),
    "anthropic admin": ("sk-ant-admin01-", (BASE64URL, 93), "AA"),
    "anthropic oauth": ("sk-ant-oat01-", (BASE64URL, 93), "AA"),
    "openrouter": ("sk-or-v1-", (HEX, 64)),
    "groq": ("gsk_", (ANY, 52)),
    "xai": ("xai-", (ANY, 80)),
    "google": ("AIza", (BASE64URL, 35)),
    "google, newer": ("AQ.Ab8RN6", (BASE64URL, 44)),
    "google oauth": ("ya29.", (BASE64URL, 120)),
    "google client": ("GOCSPX-", (BASE64URL, 28)),
    "hugging face": ("hf_", (ANY, 34)),
    "hugging face organisation": ("api_org_", (ANY, 34)),
    "replicate": ("r8_", (ANY, 37)),
    "perplexity": ("pplx-", (ANY, 48)),
    "fireworks": ("fw_", (ANY, 24)),
    "fireworks, newer": ("fpk_", (ANY, 24)),
    "together": ("tgp_v1_", (BASE64URL, 43)),
    "together, bare": ("c", (HEX, 63)),
    "mistral": ("q", (ANY, 31)),
    "deepseek": ("sk-", (HEX, 32)),
    "kimi": ("sk-", (ANY, 48)),
    "minimax": ("sk-api-", (BASE64URL, 119)),
    "cerebras": ("csk-", (LOWER, 48)),
    "nvidia": ("nvapi-", (BASE64URL, 64)),
    "cohere": ("W", (ANY, 39)),
    "voyage": ("pa-", (BASE64URL, 43)),
    "azure": ("b", (HEX, 31)),
    "azure, newer": ("E", (ANY, 51), "JQQJ99", (ANY, 22), "ACOG"),
    "aws access": ("AKIA", (UPPER, 16)),
    "aws session": ("ASIA", (UPPER, 16)),
    "aws secret": ("k", (ANY + "+/", 39)),
    "aws bedrock": ("ABSK", (ANY, 128)),
    "vercel": ("vck_", (ANY, 56)),
    "databricks": ("dapi", (HEX, 32)),
    "alibaba": ("LTAI", (ANY, 20)),
    "litellm": ("sk-", (BASE64URL, 22)),
    "langfuse": ("sk-lf-", (HEX, 8), "-", (HEX, 4), "-", (HEX, 4), "-", (HEX, 4), "-", (HEX, 12)),
    "langsmith": ("lsv2_pt_", (HEX, 32), "_", (HEX, 10)),
    "github": ("ghp_", (ANY, 36)),
    "github, fine-grained": ("github_pat_", (ANY, 22), "_", (ANY, 59)),
    "gitlab": ("glpat-", (BASE64URL, 20)),
    "slack": ("xoxb-", (string.digits, 12), "-", (string.digits, 12), "-", (ANY, 24)),
    "stripe": ("sk_live_", (ANY, 24)),
    "json web token": ("eyJhbGciOiJIUzI1NiJ9.", (BASE64URL, 60), ".", (BASE64URL, 43)),
    "uuid": ("a", (HEX, 7), "-", (HEX, 4), "-", (HEX, 4), "-", (HEX, 4), "-", (HEX, 12)),
    "home-made": ("p", (ANY, 19)),
    "home-made, lower case": ("g", (LOWER, 19)),
    "home-made, upper case": ("T", (UPPER, 19)),
    "home-made, letters": ("m", (string.ascii_letters, 31)),
    "home-made, base32": ("K", (string.ascii_uppercase + "234567", 31)),
    "home-made, with underscores": ("_", (ANY, 6), "_", (ANY, 7), "_", (ANY, 8), "_", (ANY, 5)),
    "home-made, in groups": ("d", (HEX, 7), "_", (HEX, 8), "_", (HEX, 8), "_", (HEX, 8)),
    "home-made, behind a word": ("gateway_", (LOWER, 24)),
}


def _made_up() -> Iterator[tuple[str, str]]:
    chance = random.Random(20261124)
    for shape, parts in _SHAPES.items():
        text = (part if isinstance(part, str) else "".join(chance.choices(part[0], k=part[1])) for part in parts)
        yield shape, "".join(text)


KEYS: Final = dict(_made_up())
"""By the shape's name."""
