"""What a rule is, and the rules that belong to no probe. `envcheck.probes.RULES` has them all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How much a finding matters, most first; `NONE` switches a rule off."""

    ERR = "err"
    WARN = "warn"
    INFO = "info"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a candidate can differ from its baseline."""

    name: str
    severity: Severity
    """The default; `[compare] severity` overrides it."""
    meaning: str
    """One sentence: when this is a finding."""
    example: str
    """One finding of it, as a person would say it."""
    added_severity: Severity | None = None
    """The default where something was only added, for a rule that tells the two directions apart."""
    of_itself: bool = False
    """Whether it is about an environment by itself, so that what it finds is no difference from the baseline."""
    holds: str = ""
    """What is so where nothing is found, as a checklist says it: a short phrase, in which `{baseline}` may stand."""
    mend: str = "mend it"
    """What to do where something is found."""

    @property
    def when_added(self) -> Rule:
        """The rule as it stands where something was added."""
        return self if self.added_severity is None else replace(self, severity=self.added_severity)


PROBE_FAILED: Final = Rule(
    "probe.failed",
    Severity.ERR,
    "a probe failed in the candidate; one finding, whatever else could not be compared",
    "staging: chat failed as rate_or_quota",
    of_itself=True,
)
PROBE_UNRELIABLE: Final = Rule(
    "probe.unreliable",
    Severity.WARN,
    "a probe passed, and failed now and then while samples were taken: twice or more, or once where the other side"
    " did not fail in 10 samples or more",
    "staging: 5 of 15 chat requests failed: upstream_or_gateway",
    of_itself=True,
    holds="every request is answered",
    mend="look at the gateway's log, and run again",
)
LATENCY_SLOWER: Final = Rule(
    "latency.slower",
    Severity.WARN,
    "the candidate's median is slower by the ratio, by the floor, and significantly, over at least 5 samples a side,"
    " and was so once more when it was sampled again",
    "staging: chat takes 610 ms, production 240 ms",
    holds="not slower than {baseline}",
)
LATENCY_UNDECIDED: Final = Rule(
    "latency.undecided",
    Severity.INFO,
    "latencies are apart by the ratio and the floor, and the samples are too few, or too scattered, to say so",
    "staging: chat takes 610 ms, production 240 ms, over 5 samples among 11 environments; use --samples 6",
)
TREND_SLOWER: Final = Rule(
    "trend.slower",
    Severity.WARN,
    "over 12 nights or more an environment came to take longer than it did, by 10 % and a fifth of the floor at least,"
    " and significantly, and still does",
    "staging: chat is 24 % slower since 2026-11-18: 240 ms, now 298 ms",
    of_itself=True,
    holds="no latency rose over many nights",
    mend="see what changed that night",
)
TREND_FASTER: Final = Rule(
    "trend.faster",
    Severity.INFO,
    "over 12 nights or more an environment came to take less time than it did, by as much, and still does",
    "staging: chat is 20 % faster since 2026-11-25: 298 ms, now 240 ms",
    of_itself=True,
    holds="no latency fell over many nights",
    mend="see what changed that night",
)
TRENDS: Final = frozenset({TREND_SLOWER.name, TREND_FASTER.name})
SAME_ENDPOINT: Final = Rule(
    "target.same_endpoint",
    Severity.WARN,
    "the candidate has the baseline's base URL, so it is compared with itself",
    "staging points at production's base URL",
    of_itself=True,
    holds="its base URL is not the baseline's",
    mend="give it a base_url of its own",
)
SAME_KEY: Final = Rule(
    "target.same_key",
    Severity.INFO,
    "the candidate uses the baseline's key; regions of one gateway often share one",
    "staging uses production's key",
    of_itself=True,
    holds="its key is not the baseline's",
    mend="give it a key of its own",
)

PLAIN_HTTP: Final = Rule(
    "target.plain_http",
    Severity.INFO,
    "a key is sent over http:// to an address that is not this machine's own, so that anyone on the way can read it",
    "staging: http://gateway.example.com/v1 is sent STAGING_API_KEY in the clear",
    of_itself=True,
    holds="the key is sent over TLS",
    mend="use https in base_url",
)
TLS_EXPIRES: Final = Rule(
    "tls.expires",
    Severity.WARN,
    "the certificate expires in fewer days than `[compare] tls_days`; in fewer than 3 days it is an err",
    "staging: the certificate expires on 2026-12-01, in 12 days",
    of_itself=True,
    holds="the certificate does not expire soon",
    mend="renew the certificate",
)

TLS_VERSION: Final = Rule(
    "transport.tls_version",
    Severity.WARN,
    "both sides were reached over TLS, and it is another version",
    "production: TLSv1.3, staging: TLSv1.2",
    holds="the version of TLS is as in {baseline}",
)
HTTP_VERSION: Final = Rule(
    "transport.http_version",
    Severity.INFO,
    "both sides answered, and in another version of HTTP",
    "production: 1.1, staging: 1.0",
    holds="the version of HTTP is as in {baseline}",
)
RATELIMIT: Final = Rule(
    "transport.ratelimit",
    Severity.WARN,
    "both sides say how many requests or tokens they allow, and it is another number",
    "production: 10000, staging: 500",
    holds="rate limits are as in {baseline}",
)
HEADERS: Final = Rule(
    "transport.headers",
    Severity.WARN,
    "a response header of `record_headers` has another value, or comes from one side alone",
    "production: x-litellm-version: 1.60.0, staging: x-litellm-version: 1.55.3",
    holds="recorded headers are as in {baseline}",
)


def undecided(probe: str) -> Rule:
    """Give the rule for what a probe found and nobody can tell apart."""
    return Rule(
        f"{probe}.undecided",
        Severity.INFO,
        "names that were redacted, in whole or in part, cannot be told apart across saved files",
        f"staging: {probe} holds names that are redacted in both files",
    )


EXPECT_UNMET: Final = Rule(
    "expect.unmet",
    Severity.ERR,
    "an `[[expect]]` of the file does not hold in an environment",
    "staging: chat.latency is at most 800 ms, and it is 1204 ms",
    of_itself=True,
)
EXPECT_UNKNOWN: Final = Rule(
    "expect.unknown",
    Severity.WARN,
    "whether an `[[expect]]` of the file holds in an environment could not be told",
    "staging: could not tell whether chat.latency is at most 800 ms, for fewer than 5 samples were taken",
    of_itself=True,
)
OF_EXPECTATIONS: Final = frozenset({EXPECT_UNMET.name, EXPECT_UNKNOWN.name})

CAPABILITY_REMOVED: Final = Rule(
    "capability.removed",
    Severity.ERR,
    "the baseline has what an optional probe asks for, and the candidate says that it does without it",
    "staging does not serve /responses",
    holds="all is served that {baseline} serves",
)
CAPABILITY_ADDED: Final = Rule(
    "capability.added",
    Severity.INFO,
    "the candidate has what an optional probe asks for, and the baseline says that it does without it",
    "staging serves /responses, production does not",
    holds="nothing is served that {baseline} does without",
)
CORE_RULES: Final = (
    PROBE_FAILED,
    PROBE_UNRELIABLE,
    CAPABILITY_REMOVED,
    CAPABILITY_ADDED,
    LATENCY_SLOWER,
    LATENCY_UNDECIDED,
    TREND_SLOWER,
    TREND_FASTER,
    SAME_ENDPOINT,
    SAME_KEY,
    PLAIN_HTTP,
    TLS_EXPIRES,
    EXPECT_UNMET,
    EXPECT_UNKNOWN,
    TLS_VERSION,
    HTTP_VERSION,
    RATELIMIT,
    HEADERS,
    undecided("transport"),
)
