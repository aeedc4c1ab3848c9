from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st
from saved_comparisons import notice

from envcheck.config import load
from envcheck.config.blocks import accept_blocks
from envcheck.config.edit import add_accepts, diff, prune, renew
from envcheck.errors import ConfigError
from envcheck.policy import Accept

if TYPE_CHECKING:
    from envcheck.comparison import AcceptNotice

NEW_DAY = date(2099, 2, 3)
ENTRY = Accept("models.removed", "staging", "not rolled out", "o3", date(2027, 1, 31))
RENDERED = """[[accept]]
rule = "models.removed"
environment = "staging"
value = "o3"
reason = "not rolled out"
expires = 2027-01-31
"""
TABLE = "[environments.staging]"
FILE = """# ours
baseline = "production"   # the one

[environments.production]
base_url = "https://gateway.test/v1"
[environments.staging]
base_url   =   "https://staging.test/v1"
"""

THREE = '''# top
baseline = "a"
prompt = """
[[accept]]
rule = "not one"
"""
# about one
[[accept]]
rule = "chat.usage" # the rule
environment = "s"
reason = "one" # why

# about two, [[accept]]
  [[ accept ]]   # odd
rule = "models.removed"
environment = 's'
values = [
  "o3", # old
  "o4]",
]
# inside
reason = "two"
expires = 2026-01-01 # soon
# after two

[compare]
latency_ratio = 2
# about three
[["accept"]]
rule = "chat.usage"
environment = "s"
reason = "three"
# the end
'''
ONE = notice(1, rule="chat.usage", environment="s", reason="one")
TWO = notice(2, rule="models.removed", environment="s", reason="two", expires=date(2026, 1, 1))
LAST = notice(3, rule="chat.usage", environment="s", reason="three")
LINE_ENDS = pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
MARKS = pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])


def test_an_entry_comes_after_what_is_there() -> None:
    """The file is kept byte for byte, comments and odd spacing included."""
    after = add_accepts(FILE, [ENTRY])
    assert after == FILE + "\n" + RENDERED
    config = load(after, variables={}, folder=Path("nowhere"))
    assert config.policy.accept == (ENTRY,)


def test_every_part_of_an_entry_is_written() -> None:
    """What is read again is what was given."""
    entries = (
        Accept("latency.slower", "staging", "small machines", field="chat.latency", at_most_ratio=4.12),
        Accept("models.removed", "staging", "r", values=("o3", "[*]")),
    )
    after = add_accepts(FILE, entries)
    assert load(after, variables={}, folder=Path("nowhere")).policy.accept == entries


def test_many_values_have_a_line_each_and_few_have_one() -> None:
    """A model more is one line of the next change; forty of them are not 245 lines."""
    few = add_accepts(FILE, [Accept("models.removed", "staging", "r", values=("o3", "o4"))])
    many = add_accepts(FILE, [Accept("models.removed", "staging", "r", values=tuple(f"model-{n}" for n in range(40)))])
    assert 'values = ["o3", "o4"]\n' in few
    assert '\n    "model-7",\n' in many
    assert len(many.splitlines()) - len(FILE.splitlines()) < 50


def test_entries_come_after_those_that_are_there() -> None:
    """Also where other tables stand between them; one that is given twice is written once."""
    other = Accept("chat.usage", "staging", 'a "reason" with \\ and \u00e4')
    text = RENDERED + FILE.partition("\n\n")[2].replace(
        "[environments.s", "[compare]\nlatency_ratio = 2\n[environments.s"
    )
    after = add_accepts(text, [other, other])
    assert after.startswith(text)
    assert [entry["rule"] for entry in tomli.loads(after)["accept"]] == ["models.removed", "chat.usage"]
    assert tomli.loads(after)["accept"][1]["reason"] == other.reason


def test_nothing_to_add_changes_nothing() -> None:
    """Not even a line end."""
    assert add_accepts(FILE.rstrip(), []) == FILE.rstrip()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (TABLE, TABLE + "\n\n" + RENDERED),
        (TABLE + "\n", TABLE + "\n\n" + RENDERED),
        (TABLE + "\n\n", TABLE + "\n\n" + RENDERED),
        (TABLE + "\r\na = 1", TABLE + "\r\na = 1\r\n\r\n" + RENDERED.replace("\n", "\r\n")),
        (TABLE + "\r\n", TABLE + "\r\n\r\n" + RENDERED.replace("\n", "\r\n")),
        ("\ufeff" + TABLE + "\n", "\ufeff" + TABLE + "\n\n" + RENDERED),
    ],
)
def test_the_files_line_ends_are_kept(text: str, after: str) -> None:
    """One empty line stands between, whatever the file ended with."""
    assert add_accepts(text, [ENTRY]) == after


@pytest.mark.parametrize(
    "text",
    ["accept = []  # none\n[environments]\n", 'accept = [\n  { rule = "a" },  # one\n]\n', "\ufeffaccept = []\n"],
)
def test_an_inline_array_is_added_to(text: str) -> None:
    """TOML has two ways of writing it, and a file may use one of them only."""
    after = add_accepts(text + TABLE, [ENTRY])
    assert tomli.loads(after.removeprefix("\ufeff"))["accept"][-1] == tomli.loads(RENDERED)["accept"][0]
    assert [part for part in ("# none", "# one", "\ufeff") if part in text and part not in after] == []


@pytest.mark.parametrize(
    "text", ["a = ", "accept = 1\n" + TABLE, TABLE + "\n[accept]", "a = " + "[" * 5000, "", "environments = 1"]
)
def test_a_file_that_cannot_be_edited_is_left_alone(text: str) -> None:
    """The sentence says so, and quotes nothing of the file."""
    with pytest.raises(ConfigError):
        add_accepts(text, [ENTRY])


@LINE_ENDS
@MARKS
def test_tables_are_found_whatever_looks_like_one(line_end: str, mark: str) -> None:
    """Not in a text, nor in a comment, nor in an array; and with odd spaces, or in quotes."""
    text = mark + THREE.replace("\n", line_end)
    found = [text[start:end] for start, end in accept_blocks(text)]
    assert [tomli.loads(each.removeprefix(mark))["accept"][0]["reason"] for each in found] == ["one", "two", "three"]
    assert [each.count(line_end) for each in found] == [4, 10, 4]


@LINE_ENDS
@MARKS
@pytest.mark.parametrize(
    ("notices", "gone"),
    [
        ([ONE], [(7, 11)]),
        ([TWO], [(13, 23)]),
        ([LAST], [(28, 32)]),
        ([LAST, ONE], [(7, 11), (28, 32)]),
        ([TWO, ONE, LAST], [(7, 11), (13, 23), (28, 32)]),
    ],
)
def test_pruning_takes_out_these_lines_and_no_other(
    notices: list[AcceptNotice], gone: list[tuple[int, int]], line_end: str, mark: str
) -> None:
    """A comment above the next entry stays above it; the order of tables does not change."""
    text = mark + THREE.replace("\n", line_end)
    lines = text.splitlines(keepends=True)
    kept = [line for number, line in enumerate(lines) if not any(start <= number < end for start, end in gone)]
    assert prune(text, notices) == "".join(kept)


def test_an_entry_goes_with_the_empty_line_that_set_it_off() -> None:
    """So that pruning for years leaves no growing gaps."""
    seen = notice(1, value="o3", reason="not rolled out", expires=date(2027, 1, 31))
    assert prune(f"{FILE}\n{RENDERED}\n[compare]\n", [seen]) == f"{FILE}\n[compare]\n"
    assert prune(f"{RENDERED}\n[compare]\n", [seen]) == "[compare]\n"
    assert prune(f"{FILE}{RENDERED}[compare]\n", [seen]) == f"{FILE}[compare]\n"


def test_the_last_entry_goes_with_the_empty_line_above_it() -> None:
    """What `accept` appended is as if it had never been."""
    for end in ("\n", ""):
        text = add_accepts(FILE, [ENTRY]).removesuffix("\n") + end
        seen = notice(1, value="o3", reason="not rolled out", expires=date(2027, 1, 31))
        assert prune(text, [seen]) == FILE
    assert prune(RENDERED, [notice(1, value="o3", reason="not rolled out", expires=date(2027, 1, 31))]) == ""


@LINE_ENDS
@MARKS
def test_renewing_changes_a_reason_and_a_day_and_no_other_byte(line_end: str, mark: str) -> None:
    """A new key comes after the entry's own, not after the comment above the next one."""
    text = mark + THREE.replace("\n", line_end)
    expected = (
        THREE.replace('reason = "one" # why\n', 'reason = "still so" # why\nexpires = 2099-02-03\n')
        .replace('reason = "two"\nexpires = 2026-01-01 # soon', 'reason = "still so"\nexpires = 2099-02-03 # soon')
        .replace('reason = "three"\n', 'reason = "still so"\nexpires = 2099-02-03\n')
    )
    after = renew(text, [TWO, ONE, LAST], reason="still so", expires=NEW_DAY)
    assert after == mark + expected.replace("\n", line_end)


def test_renewing_the_last_line_of_a_file_ends_it() -> None:
    """A file without a last line end is edited all the same."""
    text = RENDERED.rstrip()
    seen = notice(1, value="o3", reason="not rolled out", expires=date(2027, 1, 31))
    after = renew(text, [seen], reason="r", expires=NEW_DAY)
    assert after == RENDERED.replace("not rolled out", "r").replace("2027-01-31", "2099-02-03")


def test_an_inline_array_is_pruned_and_renewed() -> None:
    """What stands beside an entry stays."""
    one = '{ rule = "models.removed", environment = "staging", reason = "a" }'
    two = one.replace('"a"', '"b"')
    text = f"accept = [\n  {one}, # of a\n  {two}, # of b\n]\n"
    pruned = prune(text, [notice(1, reason="a")])
    assert [entry["reason"] for entry in tomli.loads(pruned)["accept"]] == ["b"]
    renewed = renew(text, [notice(2, reason="b")], reason="c", expires=NEW_DAY)
    assert [(entry["reason"], entry.get("expires")) for entry in tomli.loads(renewed)["accept"]] == [
        ("a", None),
        ("c", NEW_DAY),
    ]
    assert "# of a" in renewed
    assert "# of b" in renewed


@pytest.mark.parametrize(
    "other",
    [
        notice(0, rule="chat.usage", environment="s", reason="three"),
        notice(4, rule="chat.usage", environment="s", reason="one"),
        notice(1, rule="chat.usage", environment="s", reason="three"),
        notice(1, rule="chat.usage", environment="t", reason="one"),
        notice(1, rule="models.added", environment="s", reason="one"),
        notice(1, rule="chat.usage", environment="s", reason="one", value="v"),
        notice(1, rule="chat.usage", environment="s", reason="one", field="chat.usage_fields"),
        notice(1, rule="chat.usage", environment="s", reason="one", expires=NEW_DAY),
    ],
)
def test_an_entry_that_the_comparison_did_not_see_is_not_touched(other: AcceptNotice) -> None:
    """The file was edited since; two entries of one rule in one environment are told apart."""
    with pytest.raises(ConfigError, match=r"is another one than the comparison saw; run again"):
        prune(THREE, [other])
    with pytest.raises(ConfigError, match=r"is another one than the comparison saw; run again"):
        renew(THREE, [other], reason="r", expires=NEW_DAY)


def test_a_reason_that_was_redacted_when_the_comparison_was_loaded_is_known_again() -> None:
    """A report is redacted anew when it is read, and the file is not."""
    key = "sk-proj-MadeUp0123456789abcdefghijkl"
    text = FILE + RENDERED.replace("not rolled out", f"asked for with {key}").replace("o3", f"ft:{key}")
    seen = notice(1, value="ft:[redacted]", reason="asked for with [redacted]", expires=date(2027, 1, 31))
    assert prune(text, [seen]) == FILE


def test_a_file_without_entries_has_none_to_prune() -> None:
    """The comparison was made with another file."""
    with pytest.raises(ConfigError, match="another one than the comparison saw"):
        prune(FILE, [ONE])


def test_the_diff_shows_what_is_added_and_nothing_around_it() -> None:
    """Lines of the file that stay may hold what no terminal should show, and a missing line end is no change."""
    before = FILE.rstrip()
    shown = diff(before, add_accepts(before, [ENTRY]), "environments.toml")
    assert shown.startswith("--- a/environments.toml\n+++ b/environments.toml\n@@")
    assert "staging.test" not in shown
    assert [line for line in shown.splitlines() if line.startswith("-")] == ["--- a/environments.toml"]
    assert "+" + RENDERED.splitlines()[0] in shown.splitlines()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=100, deadline=None)
@given(value=TEXTS, reason=TEXTS, crlf=st.booleans())
def test_any_value_survives_the_file(value: str, reason: str, crlf: bool) -> None:  # noqa: FBT001 - Hypothesis passes it
    """What is written is what is read again, whatever signs it holds; and it can be found and taken out."""
    text = FILE.replace("\n", "\r\n") if crlf else FILE
    after = add_accepts(text, [Accept("chat.usage", "staging", reason, value), ENTRY])
    assert after.startswith(text)
    read, last = tomli.loads(after)["accept"]
    assert (read["value"], read["reason"]) == (value, reason)
    assert last == tomli.loads(RENDERED)["accept"][0]
    blocks = accept_blocks(after)
    assert [tomli.loads(after[start:end])["accept"] for start, end in blocks] == [[read], [last]]
