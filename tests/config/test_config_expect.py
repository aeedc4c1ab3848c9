from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from config_texts import loads, refuses
from expecting import FITTING_PAIRS, case_of
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.config.patterns import what_is_wrong_with
from envcheck.policy import Expect, Operator
from envcheck.probes.expectable import FITTING, expectable
from envcheck.rules import Severity

if TYPE_CHECKING:
    from envcheck.policy import Operand

ENVIRONMENT = '[environments.prod]\nbase_url = "https://gateway.test/v1"\n'
VALUES = {
    Operator.EQUALS: "true",
    Operator.NOT_EQUALS: "true",
    Operator.ONE_OF: '["a"]',
    Operator.CONTAINS: '["a"]',
    Operator.EXCLUDES: '["a"]',
    Operator.AT_LEAST: "1",
    Operator.AT_MOST: "1",
    Operator.AT_LEAST_MS: "1",
    Operator.AT_MOST_MS: "1",
    Operator.AT_LEAST_DAYS: "1",
    Operator.MATCHES: '"a"',
}
HINT = "can match the same text in too many ways"


def expect(field: str, *keys: str) -> str:
    return f'[[expect]]\nfield = "{field}"\n' + "".join(f"{key}\n" for key in keys)


def told(*keys: str, field: str = "chat.latency") -> list[str]:
    """Give what is wrong with one entry, without saying that it is in line 3."""
    return [each.removeprefix("[[expect]] in line 3") for each in refuses(ENVIRONMENT + expect(field, *keys))]


def as_toml(operator: Operator, operands: tuple[Operand, ...]) -> str:
    spelled = [f"'{each}'" if isinstance(each, str) else str(each).lower() for each in operands]
    lists = {Operator.ONE_OF, Operator.CONTAINS, Operator.EXCLUDES}
    value = f"[{', '.join(spelled)}]" if operator in lists else spelled[0]
    is_whole = operator is Operator.AT_LEAST_DAYS
    return f"{operator.value} = {int(float(value)) if is_whole else value}"


@pytest.mark.parametrize("field", expectable())
def test_what_does_not_fit_a_fact_is_told_at_once(field: str) -> None:
    """One sentence for each operator, which names what does fit."""
    known = expectable()[field]
    misfits = [each for each in Operator if each not in FITTING[known.kind]]
    text = ENVIRONMENT + "".join(expect(field, f"{each.value} = {VALUES[each]}") for each in misfits)
    found = refuses(text)
    assert len(found) == len(misfits)
    fitting = ", ".join(each.value for each in FITTING[known.kind])
    for problem, operator in zip(found, misfits, strict=True):
        sentence = f", {operator.value}: does not fit {field}, which is {known.kind.value}"
        assert sentence + (f"; what fits is {fitting}" if fitting else "") in problem


def test_what_fits_a_fact_is_taken_as_it_is_written() -> None:
    """Every operator on every fact that it fits, in one file and in its order."""
    text = ENVIRONMENT + "".join(
        expect(field, as_toml(operator, case_of(field, operator).operands)) for field, operator in FITTING_PAIRS
    )
    wanted = [Expect(field, operator, case_of(field, operator).operands) for field, operator in FITTING_PAIRS]
    assert list(loads(text).policy.expect) == wanted


def test_what_may_be_said_beside_it_is_taken_too() -> None:
    """Title, environments and how much it matters."""
    keys = ('title = " Quick "', "at_most_ms = 800", 'environments = ["prod"]', 'severity = "warn"')
    [found] = loads(ENVIRONMENT + expect("chat.latency", *keys)).policy.expect
    assert found == Expect(
        "chat.latency",
        Operator.AT_MOST_MS,
        (800,),
        title="Quick",
        environments=("prod",),
        severity=Severity.WARN,
    )


@pytest.mark.parametrize(
    ("field", "keys", "problems"),
    [
        ("chat.latancy", ["at_most_ms = 8"], [', field: is not a fact of any report; did you mean "chat.latency"?']),
        ("chat.latency", [], [f": says nothing of the fact; add one of {', '.join(Operator)}"]),
        ("chat.latency", ["at_most_ms = 8", "at_least_ms = 1"], [": has at_least_ms and at_most_ms; keep one of them"]),
        ("chat.latency", ["at_most_ms = 0"], [", at_most_ms: must be more than 0"]),
        ("chat.latency", ["at_most_ms = inf"], [", at_most_ms: must be a finite number"]),
        ("chat.latency", ["at_most_ms = '8'"], [", at_most_ms: must be a number, without quotes"]),
        ("chat.latency", ["at_most_sm = 8"], [
            ": says nothing of the fact; add one of " + ", ".join(Operator),
            ', at_most_sm: unknown key; did you mean "at_most_ms"?',
        ]),
        ("chat.latency", ["at_most_ms = 8", "latency_ratio = 2"], [
            ", latency_ratio: does not belong here; write it in [compare]"
        ]),
        ("chat.latency", ["at_most_ms = 8", "environments = ['prd', 'prod']"], [
            ', environments[0]: is not an environment of this file; did you mean "prod"?'
        ]),
        ("chat.latency", ["at_most_ms = 8", "environments = []"], [", environments: must not be empty"]),
        ("chat.latency", ["at_most_ms = 8", "environments = 1"], [
            ", environments: must be an array, in square brackets"
        ]),
        ("chat.latency", ["at_most_ms = 8", "severity = 'none'"], [
            ", severity: must be err, warn or info; leave the [[expect]] out to expect nothing"
        ]),
        ("chat.latency", ["at_most_ms = 8", "title = ' '"], [", title: must not be empty"]),
        ("chat.usage_present", ["equals = 'true'"], [", equals: must be true or false, without quotes"]),
        ("chat.choice_count", ["equals = true"], [", equals: must be a number, without quotes"]),
        ("chat.choice_count", ["equals = nan"], [", equals: must be a number, without quotes"]),
        ("chat.choice_count", ["one_of = [1, '2']"], [", one_of[1]: must be a number, without quotes"]),
        ("chat.choice_count", ["one_of = [1, 1]"], [", one_of: names one twice; keep one of the two"]),
        ("chat.choice_count", ["one_of = 1"], [", one_of: must be an array, in square brackets"]),
        ("chat.choice_count", ["one_of = []"], [", one_of: must not be empty"]),
        ("models.retires_on", ["equals = '2027-01-31'"], [
            ", equals: must be a date, such as 2027-01-31, without quotes"
        ]),
        ("models.retires_on", ["not_equals = 2027-01-31T00:00:00Z"], [
            ", not_equals: must be a date, such as 2027-01-31, without quotes"
        ]),
        ("models.retires_on", ["at_least_days = 1.5"], [", at_least_days: must be a whole number, without quotes"]),
        ("models.root", ["equals = 1"], [", equals: must be text of one line, in quotes"]),
        ("models.root", ["equals = ''"], [", equals: must be text of one line, in quotes"]),
        ("models.root", ["equals = 'sk-proj-Xq7ZmP2rTv9LbK4wNd8HsYc3'"], [
            ", equals: looks like a key, and this text is shown in reports"
        ]),
        ("models.root", ["matches = 'sk-proj-Xq7ZmP2rTv9LbK4wNd8HsYc3'"], [
            ", matches: looks like a key, and this text is shown in reports"
        ]),
        ("models.root", ["matches = ''"], [", matches: must not be empty"]),
        ("models.root", ["matches = 'a('"], [", matches: is not a regular expression at character 2"]),
        ("chat.content_kind", ["equals = 'txt'"], [
            ', equals: is none of the words that this fact can be; did you mean "text"?'
        ]),
        ("tools.outcome", ["one_of = ['pass', 'skipped']"], [
            ", one_of[1]: is none of the words that this fact can be; known here: pass, fail, unsupported"
        ]),
        ("models.model_ids", ["contains = 'o3'"], [", contains: must be an array, in square brackets"]),
        ("models.model_ids", ["contains = []"], [", contains: must not be empty"]),
        ("models.model_ids", ["contains = ['a', 'a']"], [", contains: names one twice; keep one of the two"]),
        ("models.model_ids", ["excludes = ['']"], [", excludes[0]: must not be empty"]),
        ("models.model_ids", ["excludes = ['sk-proj-Xq7ZmP2rTv9LbK4wNd8HsYc3']"], [
            ", excludes[0]: looks like a key, and this text is shown in reports"
        ]),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_with_its_place(field: str, keys: list[str], problems: list[str]) -> None:
    """And never what was written there."""
    assert sorted(told(*keys, field=field)) == sorted(problems)


def test_a_fact_of_a_probe_that_there_is_is_looked_for_there() -> None:
    """Where nothing is near, what that probe has is named."""
    [problem] = told("equals = 1", field="structured.zzzzzz")
    facts = ("outcome", "honoured", "fenced", "finish_reason")
    assert problem.endswith("known here: " + ", ".join(f'"structured.{fact}"' for fact in facts))


@pytest.mark.parametrize("text", ["expect = 1", "expect = {}", "expect = [1]"])
def test_it_is_written_in_double_brackets(text: str) -> None:
    """As `[[accept]]` is."""
    [problem] = refuses(f"{text}\n{ENVIRONMENT}")
    wanted = "must be a table" if "[" in text else "must be written as [[expect]], in double brackets"
    assert problem.endswith(wanted)


def test_an_entry_without_a_fact_or_with_one_that_is_no_text() -> None:
    """What pydantic tells is not told twice."""
    assert refuses(ENVIRONMENT + "[[expect]]\nequals = 1") == [
        "[[expect]] in line 3, field: is missing, and must be given"
    ]
    assert refuses(ENVIRONMENT + "[[expect]]\nfield = 1\nequals = 1") == [
        "[[expect]] in line 3, field: must be a string, in quotes"
    ]


def test_the_same_is_expected_once() -> None:
    """Whatever its title: the two would be one finding."""
    text = ENVIRONMENT + expect("models.model_ids", "contains = ['a', 'b']")
    text += expect("models.model_ids", "contains = ['b', 'a']", "title = 't'")
    assert refuses(text) == ["[[expect]] in line 6: is there already; keep one of the two"]
    assert len(loads(text.replace("'b', 'a'", "'b', 'c'")).policy.expect) == 2


@pytest.mark.parametrize(
    "pattern",
    [r"(a+)+", r"(a|b)*", r"(a?){30}", r"((a+)b)+", r"(?:a*)*", r"(\d{1,3}x)+", r"([ab]+){2}"],
)
def test_a_pattern_that_could_take_for_ever_is_refused(pattern: str) -> None:
    """A server chooses the text that it is tried on."""
    assert str(what_is_wrong_with(pattern)).startswith(HINT)


@pytest.mark.parametrize(
    "pattern",
    [
        r"gpt-4o(-mini)?",
        r"gpt-4o-\d{4}-\d{2}-\d{2}",
        r"(openai|azure)",
        r"[*+?]+",
        r"\(a+\)+",
        r"(ab){2}",
        r"[]a]*",
        "4..",
    ],
)
def test_a_pattern_that_is_quick_is_taken(pattern: str) -> None:
    """What stands in brackets or behind a backslash repeats nothing."""
    assert what_is_wrong_with(pattern) is None


@pytest.mark.parametrize("pattern", [r"(a)\1", r"(?=a)b", r"(?P<n>a)", r"a(?!b)", r"\\(?=a)"])
def test_a_pattern_may_not_look_around_or_back(pattern: str) -> None:
    """Both cost time that nobody bounds."""
    assert str(what_is_wrong_with(pattern)).startswith("may hold neither look-around nor references")


@pytest.mark.parametrize("pattern", ["a*b*c*d*", "a?" * 7, "a{1,2}" * 4])
def test_a_pattern_may_not_have_too_many_choices(pattern: str) -> None:
    """Each of them multiplies the ways to try."""
    assert str(what_is_wrong_with(pattern)).startswith("may hold at most 3 of")


@settings(deadline=2000)
@given(st.text(alphabet="ab()[]{}*+?|\\-1,:=<!", max_size=14))
def test_a_pattern_that_is_taken_is_soon_done(pattern: str) -> None:
    """With a text that it nearly matches; every other pattern is answered with a sentence."""
    if what_is_wrong_with(pattern) is None:
        assert re.fullmatch(pattern, "ab" * 20 + "a" * 20 + "\0") is None


def test_a_fact_that_is_expected_may_be_accepted_by_its_name() -> None:
    """Also one that is compared with nothing."""
    keys = 'rule = "expect.unmet"\nenvironment = "prod"\nreason = "r"\nfield = "chat.usage_present"\n'
    [accept] = loads(f"{ENVIRONMENT}[[accept]]\n{keys}").policy.accept
    assert accept.field == "chat.usage_present"


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ('title = "WORD"\nequals = "a"', "title"),
        ('equals = "WORD"', "equals"),
        ('not_equals = "WORD"', "not_equals"),
        ('one_of = ["a", "WORD"]', "one_of[1]"),
        ('matches = "WORD"', "matches"),
    ],
)
def test_a_key_in_the_words_of_an_entry_is_refused_and_not_repeated(key: str, path: str) -> None:
    """Reports show them, as they show a reason."""
    secret = "Quartz7Lamp9Hedge4Plume2Kettle5"
    text = ENVIRONMENT + 'api_key_env = "A"\n' + expect("models.root", key.replace("WORD", f"of {secret}"))
    found = refuses(text, {"A": secret})
    assert found == [
        f"[[expect]] in line 4, {path}: holds a key or a part of one; reports show this text, so take it out"
    ]


def test_a_key_among_names_is_refused_and_not_repeated() -> None:
    """The same for the members of a list."""
    secret = "Quartz7Lamp9Hedge4Plume2Kettle5"
    for operator in ("contains", "excludes"):
        text = ENVIRONMENT + 'api_key_env = "A"\n' + expect("models.model_ids", f'{operator} = ["a", "{secret}"]')
        [found] = refuses(text, {"A": secret})
        assert found.startswith(f"[[expect]] in line 4, {operator}[1]: ")
        assert secret not in found
