"""What is found where two environments stream differently."""

from __future__ import annotations

from typing import Final

from envcheck.rules import Rule, Severity

ARRIVAL: Final = Rule(
    "stream.arrival",
    Severity.ERR,
    "the content of a stream comes at once, where the baseline's comes bit by bit; or the other way round",
    "production's stream is incremental, staging's arrives at_once: a proxy buffers it",
    added_severity=Severity.WARN,
    holds="a stream arrives as in {baseline}",
)
TERMINATOR: Final = Rule(
    "stream.terminator",
    Severity.ERR,
    "the stream ends in another way: done (with [DONE]), eof (without) or cut (the connection broke after the finish"
    " reason)",
    "production: done, staging: eof",
    holds="a stream ends as in {baseline}",
)
FINISH_REASON: Final = Rule(
    "stream.finish_reason",
    Severity.WARN,
    "the streamed completion ended for another reason",
    "production: stop, staging: length",
    holds="a stream ends for the same reason as in {baseline}",
)
MODEL_ANSWERED: Final = Rule(
    "stream.model_answered",
    Severity.WARN,
    "the same model was asked for and another one says it streamed the answer",
    "production answers as gpt-4o-mini-2024-07-18, staging as gpt-4o-mini",
    holds="a stream comes from the same model as in {baseline}",
)
CONTENT_KIND: Final = Rule(
    "stream.content_kind",
    Severity.WARN,
    "the stream brings another kind of content: text, empty, null, tool_calls or reasoning",
    "production: text, staging: reasoning",
    holds="a stream brings the same kind of content as in {baseline}",
)
STREAM_USAGE: Final = Rule(
    "stream.stream_usage",
    Severity.WARN,
    "the usage that was asked for comes in another place: none, separate (a chunk without choices), in_choice,"
    " every_chunk, or refused (to ask for it is an error)",
    "production: separate, staging: in_choice",
    holds="a stream reports usage as in {baseline}",
)
REASONING_FIELD: Final = Rule(
    "stream.reasoning_field",
    Severity.INFO,
    "the model's reasoning stands in another field, or only one of the two shows any",
    "production: reasoning_content, staging: reasoning",
    holds="a stream shows reasoning as in {baseline}",
)
EVENT_FIELDS: Final = Rule(
    "stream.event_fields",
    Severity.WARN,
    "a field is in none of the stream's chunks: a warn where the API requires it and clients read it, else an info; or"
    " one was added",
    "staging lacks choices[].finish_reason",
    added_severity=Severity.INFO,
    holds="a stream has the fields of {baseline}",
)
AGREES_WITH_CHAT: Final = Rule(
    "stream.agrees_with_chat",
    Severity.WARN,
    "finish reason and model of the stream are those of `chat` in one of the two environments, and not in the other",
    "staging answers as gpt-4o-mini, and streams as gpt-4o",
    holds="a stream agrees with chat as in {baseline}",
)
