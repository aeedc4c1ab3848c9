"""What ordinary text is made of: the words of API errors and model names, and which letters never stand together."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

WORDS: Final = frozenset(
    """
    able about above accept accepted access account accounts action active added additional admin after again against
    agent allow allowed already also among amount anthropic anyscale api apikey app application are argument arguments
    array assistant attempt attempts audio auth authentication authorization authorized authorize available aws azure
    back backend bad balance base based batch because been before begin being below between beta billing body bool
    boolean both bound budget but cache cached call calls can cannot capacity central certificate change changed
    character characters chat check choice choices claude client close closed cloud cluster code codellama cohere com
    command completion completions config configuration configured connect connected connection console contact
    contain contains content context control correct correctly could country create created credential credentials
    credit credits cross current currently customer daily dashboard data database date days dbrx deadline debug deepseek
    default delay delete denied deploy deployed deployment deployments deprecated description detail details dev
    development did different digest dimension dimensions disabled disconnect docs document does domain done down due
    during each east edge either else embed embedding embeddings empty enable enabled encode encoded encoding end
    endpoint endpoints engine enough ensure enter entitled entity env environment error errors europe even exact
    example exceed exceeded exceeds except exception exhausted exist existing exists expect expected expire expired
    external fail failed failure false fast feature fetch field fields file files filter finish fireworks first flash
    float following for forbidden format found free from full function functions gateway gemini gemma general
    generate generated generation generic get given global google granite grok groq group handle handler has have
    header headers health healthy help here high host hosted hour hours html http https human hundred identifier image
    images inc include included incorrect inference information input inputs instance instead instruct instruction
    insufficient integer interface internal invalid invalidated invoke issue item items its json key keys kimi known
    label language large last later latency latest least length less level license like limit limited limits line list
    listed llama llm load loaded loading local location login logprobs long low lower make malformed managed many match
    max maximum maybe media medium memory message messages meta method mini minimum minute minutes missing mistral
    mixtral mode model models moderation monthly more most multiple must name named need needs network never new next
    nginx node none north not note nothing null number object off ollama one only open openai openrouter operation
    option optional options order org organisation organization other our out output over overloaded own page param
    parameter parameters parse parsed part pass passed password path payload payment per period permission permissions
    permitted phi place plain plan platform please plus policy pool port positive post prefix preview previous pro
    problem process prod production project prompt prompts proper property provide provided provider proxy public
    purchase quality query quota quotas qwen rate read ready real reason reasoning received redirect refer refused
    region regional register registered reject rejected release remove reply request requested requests require
    required requires reset resource resources response responses restricted result results retry return returned
    role route router routes run running same sample sampling scale schema scope search second seconds secret secure
    see select selected send sent sequence serve served server servers service services serving session set several
    should shut sign signature single size slow small sonnet south special specific specified staging standard start
    started state status still stop stopped storage stream streaming string subscription success such support
    supported supports sure suspended system table take target task team temporarily temporary tenant terms territory
    test text than that the their then there these they this those thread through throughput throttle throttled
    throttling tier tiers time timed timeout tls together token tokenizer tokens too tool tools top total traffic true
    try turbo type types unable unauthorized unauthenticated unavailable under unexpected unhealthy unknown unless
    unprocessable unreachable unrecognized unset unsupported until upgrade upload upstream url usage use used user
    users uses using valid validation value values verify version vertex vision visit wait want warning was way
    website were west what when where whether which while window with within without word work worker workspace would
    annotations predicted prediction predictions fingerprint refusal completed severity detected violence sexual
    arguments write wrong you your zone
    """.split()  # noqa: SIM905 - a thousand quotation marks would hide the words
)
"""A key may hold such a word; that the word occurs in a reply then says nothing about the key."""

_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_YEAR_DIGITS: Final = 4
_LONGEST: Final = 24
_SHORTEST: Final = 3

# By first letter, the letters that follow it in almost no English word (at most 3 of 6,000 common ones). A third of
# all pairs: random letters hit one soon.
_NEVER_AFTER: Final = {
    "a": "joq", "b": "hknqvwxz", "c": "bgjwxz", "d": "hwxz", "e": "z", "f": "bcdhjkpqvwxz", "g": "bcdfjkqvwxyz",
    "h": "bcdghjkpqvwxz", "i": "hijuwy", "j": "bcghijlmnpqrtvwxyz", "k": "bcfhkmqrvxyz", "l": "hjqwxz",
    "m": "fghjqrvwxz", "n": "qxz", "o": "hqy", "p": "gjmqvwxz", "q": "abcdefghijklmnopqrvwxyz", "r": "hjqxz",
    "s": "bxz", "t": "gjkqxz", "u": "hjkquvwyz", "v": "bdfghjklmnpqrstuvwxyz", "w": "bcfgjkmpqtuvwxyz",
    "x": "bdfgjklnoqrsuvwz", "y": "abfhjkqruxy", "z": "bcdfghjklmnpqrstuvwxyz",
}  # fmt: skip
_ODD_PAIRS: Final = frozenset(first + second for first, seconds in _NEVER_AFTER.items() for second in seconds)


def odd_pairs(letters: str) -> int:
    """Count the pairs of neighbours that words do not have."""
    lower = letters.lower()
    return sum(lower[i : i + 2] in _ODD_PAIRS for i in range(len(lower) - 1))


@lru_cache(maxsize=4096)
def word_positions(skeleton: str, public: frozenset[str] = frozenset()) -> bytes:
    """Mark with 1 which characters of a skeleton belong to a known word, a year, or a public word of the user's."""
    marks = bytearray(len(skeleton))
    for start in range(len(skeleton)):
        for end in range(min(len(skeleton), start + _LONGEST), start + _SHORTEST - 1, -1):
            piece = skeleton[start:end]
            if piece in WORDS or piece in public:
                marks[start:end] = b"\1" * (end - start)
                break
    for year in _YEAR.finditer(skeleton):
        marks[year.start() : year.end()] = b"\1" * 4
    return bytes(marks)
