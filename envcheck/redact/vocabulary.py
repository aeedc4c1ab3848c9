"""What ordinary text is made of: the words of API errors and model names, and which letters never stand together."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

WORDS: Final = frozenset(
    """
    about above accept access account action added admin after again allow also anthropic api app application are
    argument array assistant attempt auth authentication authorization authorize available aws azure back backend bad
    balance base batch before being beta between billing blocked body bool boolean both budget but byte cache call can
    cannot capacity central certificate change char character chat check choice claude client cloud cluster code column
    com command completed completion config configuration configured connect connection contain content context control
    correct create credential credit current data database date deadline deepseek default delay denied deploy deployment
    deprecated description detail detected dev did digest disabled disconnect docs document does domain down east either
    else embed embedding empty enable end endpoint engine entity environment error example exceed except exception exist
    expect expire fail failure false fast field file filter fingerprint finish first flash follow for forbidden format
    found free from full function gateway gemini gemma general generate generation get given global google got gpt group
    handle has have header health here host hour html http image include incorrect inference information input instead
    instruct instruction integer internal invalid issue its json key kimi known label language large last later latest
    least length like limit line list llama llm load local location login long low make malformed match max maximum
    memory message meta method mini minimum minute missing mistral mixtral mode model more multiple must name need
    network never new nginx node none north not nothing null number object ollama one only open openai openrouter
    operation option org organization other our out output over overloaded param parameter parse pass password path
    permission plain platform please policy port post prefix preview previous pro problem process production project
    prompt provide provider proxy public query quota qwen rate read real received region reject release reply request
    require reset resource response result return role route router run running same sample scale schema scope secret
    secure select send serve server service serving session set should signature size small sonnet specified staging
    standard state status still stream string subscription support system take target task team temporarily tenant test
    text than that the their then there these they this throttling through throughput tier time timeout tls token
    tokenizer tool total try turbo type unable unauthenticated unauthorized unavailable unexpected unknown unrecognized
    unsupported upstream url usage use user using valid validation value verify version vertex vision was were what when
    where which while window with within without word worker workspace would write you your
    """.split()  # noqa: SIM905 - a thousand quotation marks would hide the words
)

_DATE: Final = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]|(?<![0-9])20[0-9]{2}(?![0-9])")
# A letter, and those that follow it in almost no English word (at most 3 of 6,000 common ones): a third of all pairs.
_NEVER_AFTER: Final = (
    "ajoq bhknqvwxz cbgjwxz dhwxz ez fbcdhjkpqvwxz gbcdfjkqvwxyz hbcdghjkpqvwxz ihijuwy jbcghijlmnpqrtvwxyz lhjqwxz"
    " kbcfhkmqrvxyz mfghjqrvwxz nqxz ohqy pgjmqvwxz qabcdefghijklmnopqrvwxyz rhjqxz sbxz tgjkqxz uhjkquvwyz"
    " vbdfghjklmnpqrstuvwxyz wbcfgjkmpqtuvwxyz xbdfgjklnoqrsuvwz yabfhjkqruxy zbcdfghjklmnpqrstuvwxyz"
)
_ODD_PAIRS: Final = frozenset(row[0] + second for row in _NEVER_AFTER.split() for second in row[1:])


def is_known(word: str) -> bool:
    """Whether a word in small letters is one of these, or a form of one."""
    return any(word.removesuffix(ending) in WORDS for ending in ("", "s", "d", "ed", "es", "ing", "ly"))


def odd_pairs(letters: str) -> int:
    """Count the pairs of neighbours that words do not have."""
    lower = letters.lower()
    return sum(lower[i : i + 2] in _ODD_PAIRS for i in range(len(lower) - 1))


@lru_cache(maxsize=4096)
def known_positions(skeleton: str) -> bytes:
    """Mark with 1 which characters of a skeleton belong to a known word or to a date."""
    marks = bytearray(len(skeleton))
    for start in range(len(skeleton)):
        length = next((length for length in range(24, 2, -1) if skeleton[start : start + length] in WORDS), 0)
        marks[start : start + length] = b"\1" * min(length, len(skeleton) - start)
    for date in _DATE.finditer(skeleton):
        marks[date.start() : date.end()] = b"\1" * len(date[0])
    return bytes(marks)
