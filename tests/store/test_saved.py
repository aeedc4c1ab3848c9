from __future__ import annotations

import json
import os
import stat
from copy import copy
from typing import TYPE_CHECKING, Final

import pytest
from pydantic import ValidationError

from envcheck import store
from envcheck.compare import compare
from envcheck.demo.sample import sample_evidence
from envcheck.errors import ConfigError, EvidenceError, ReportError
from envcheck.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import BaseModel

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence
    from envcheck.model import JsonValue

SAMPLE = sample_evidence()


def compare_of(evidences: list[Evidence]) -> Comparison:
    made = SAMPLE.generated_at
    return compare(evidences, baseline=None, policy=Policy(), generated_at=made, today=made.date())


def saved(folder: Path, **changes: object) -> Path:
    """Save the sample record with some of its top members changed."""
    path = folder / f"{SAMPLE.environment}.json"
    path.write_text(json.dumps({**json.loads(SAMPLE.model_dump_json()), **changes}))
    return path


def test_a_new_report_is_private(tmp_path: Path) -> None:
    """It names hosts and models of a company, so only its owner reads it."""
    store.write_text(tmp_path / "deep" / "a.md", "text\n")
    assert (tmp_path / "deep" / "a.md").read_text() == "text\n"
    assert stat.S_IMODE((tmp_path / "deep" / "a.md").stat().st_mode) == 0o600


def test_a_report_written_again_keeps_the_mode_it_was_given(tmp_path: Path) -> None:
    """Whoever widened a report did so on purpose."""
    report = tmp_path / "a.md"
    report.write_text("old")
    report.chmod(0o644)
    store.write_text(report, "new")
    assert (report.read_text(), stat.S_IMODE(report.stat().st_mode)) == ("new", 0o644)


def test_nothing_half_written_is_left_when_a_write_fails(tmp_path: Path) -> None:
    """A folder where the report should be cannot be replaced; no temporary file stays behind."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="cannot be written"):
        store.write_text(tmp_path / "file" / "a.md", "text")
    (tmp_path / "b.md").write_text("old")
    with pytest.raises(UnicodeEncodeError):
        store.write_text(tmp_path / "b.md", "\ud800")
    assert (tmp_path / "b.md").read_text() == "old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.md", "file"]


def test_a_saved_record_comes_back_as_it_was(tmp_path: Path) -> None:
    """Loading redacts anew, and that changes nothing that is safe."""
    assert store.load_evidence(saved(tmp_path)) == SAMPLE


def test_a_folder_gives_its_records_in_order_and_leaves_out_the_comparison(tmp_path: Path) -> None:
    """A report folder holds one comparison beside the records, which may be broken."""
    other = saved(tmp_path).rename(tmp_path / "another.json")
    path = saved(tmp_path)
    (tmp_path / "notes.txt").write_text("not a report")
    both = compare_of([SAMPLE, SAMPLE.model_copy(update={"environment": "another"})])
    for text in (both.model_dump_json(), "not a comparison"):
        (tmp_path / "comparison.json").write_text(text)
        assert store.records_in(tmp_path) == [other, path]


def test_a_report_of_an_environment_that_has_gone_is_no_part_of_the_run(tmp_path: Path) -> None:
    """An old file stays in the folder when its environment is renamed; the comparison knows who took part."""
    path = saved(tmp_path)
    (tmp_path / "gone.json").write_text("not looked at")
    (tmp_path / "comparison.json").write_text(compare_of([SAMPLE]).model_dump_json())
    assert store.records_in(tmp_path) == [path]


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    """A folder that somebody else filled may point anywhere."""
    saved(tmp_path).rename(tmp_path / "real")
    (tmp_path / "linked.json").symlink_to(tmp_path / "real")
    with pytest.raises(ConfigError, match="symbolic link"):
        store.load_record(tmp_path / "linked.json")


def test_a_pipe_under_a_records_name_is_named_and_not_waited_for(tmp_path: Path) -> None:
    """A folder that somebody else filled may hold anything, and reading must end."""
    os.mkfifo(tmp_path / "production.json")
    with pytest.raises(ConfigError, match="is a pipe"):
        store.load_record(tmp_path / "production.json")


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": "Comparison"},
        {"checks": [json.loads(SAMPLE.model_dump_json())["checks"][0]] * 2},
        {"checks": [{**json.loads(SAMPLE.model_dump_json())["checks"][0], "facts": {}}]},
    ],
)
def test_a_record_that_no_run_can_have_written_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    """A name that is the comparison's, a probe twice, a pass without facts: comparing them would prove nothing."""
    path = saved(tmp_path, **changes)
    with pytest.raises(EvidenceError, match="is not what"):
        store.load_evidence(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<html>", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "has no schema_version"),
        ('{"schema_version": "envcheck.comparison/1"}', "has no schema_version of envcheck.evidence"),
        ('{"schema_version": "envcheck.evidence/9"}', "written by another version"),
        ('{"schema_version": "envcheck.evidence/1"}', "is not what envcheck.evidence/1 allows"),
        ('{"schema_version": ["envcheck.evidence/1"]}', "has no schema_version"),
    ],
)
def test_a_file_of_another_kind_is_named_and_never_guessed_at(tmp_path: Path, text: str, sentence: str) -> None:
    """One sentence says what is wrong with it, whatever it holds."""
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(EvidenceError, match=sentence) as raised:
        store.load_evidence(tmp_path / "a.json")
    assert str(raised.value).count("\n") == 0


def test_an_edited_record_is_refused_without_repeating_what_was_written(tmp_path: Path) -> None:
    """The place is ours to say, the value may be anything."""
    path = saved(tmp_path, environment="../../etc/passwd")
    with pytest.raises(EvidenceError, match="environment is not what") as raised:
        store.load_evidence(path)
    assert "passwd" not in str(raised.value)
    document = json.loads(SAMPLE.model_dump_json())
    document["checks"][0]["failed_samples"] = {"sk-live-0123456789\x1b[31m": 1}
    path = saved(tmp_path, checks=document["checks"])
    with pytest.raises(EvidenceError, match="a field is not what"):
        store.load_evidence(path)


def test_the_run_of_a_record_is_read_without_the_rest(tmp_path: Path) -> None:
    """What does not say has none, whatever it is."""
    path = saved(tmp_path, run_id="0123456789abcdef", checks="not looked at")
    assert store.run_id_in(path) == "0123456789abcdef"
    for text in ("", "[]", '{"run_id": 7}', "{}"):
        path.write_text(text)
        assert store.run_id_in(path) is None
    assert store.run_id_in(tmp_path / "missing.json") is None


def test_a_comparison_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    """A folder is looked into for what it may hold."""
    assert store.comparison_in(tmp_path) is None
    (tmp_path / "comparison.json").write_text('{"schema_version": "envcheck.comp')
    assert store.comparison_in(tmp_path) is None
    (tmp_path / "comparison.json").write_text(compare_of([SAMPLE]).model_dump_json())
    assert store.comparison_in(tmp_path) == compare_of([SAMPLE])


def test_what_is_set_aside_is_found_under_another_name(tmp_path: Path) -> None:
    """And is no report any more; what was set aside before is kept, a link that leads nowhere too."""
    (tmp_path / "comparison.json.old.2").symlink_to("nowhere")
    for text, name in (("one", "old"), ("two", "old.1"), ("three", "old.3")):
        (tmp_path / "comparison.json").write_text(text)
        aside = tmp_path / f"comparison.json.{name}"
        assert store.set_aside(tmp_path / "comparison.json") == aside
        assert aside.read_text() == text
    assert (tmp_path / "comparison.json.old").read_text() == "one"
    assert store.set_aside(tmp_path / "comparison.json") is None


def test_a_record_under_another_name_is_refused(tmp_path: Path) -> None:
    """Two folders are compared by name, so a name has to be true."""
    saved(tmp_path).rename(tmp_path / "other.json")
    with pytest.raises(EvidenceError, match="another environment than its name says"):
        store.load_record(tmp_path / "other.json")


def test_what_is_not_there_is_a_mistake_in_the_command(tmp_path: Path) -> None:
    """A path that leads nowhere is named, with what to give in its place."""
    with pytest.raises(ConfigError, match="no such file"):
        store.load_evidence(tmp_path / "a.json")
    with pytest.raises(ConfigError, match="holds no evidence"):
        store.records_in(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        store.records_in(tmp_path / "missing")
    with pytest.raises(ConfigError, match=r"cannot be read \(File name too long\); name another path"):
        store.load_evidence(tmp_path / ("x" * 300))


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """A sparse file of a gigabyte costs nothing to make, and would cost all memory to read."""
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(EvidenceError, match="larger than 64 MiB"):
        store.load_evidence(tmp_path / "a.json")


def test_a_file_of_a_crowd_of_members_is_not_parsed(tmp_path: Path) -> None:
    """Its eight mebibytes would become gibibytes."""
    path = saved(tmp_path, checks=[0] * (store.saved.SAVED_MEMBERS + 1))
    with pytest.raises(EvidenceError, match="has more members than envcheck writes"):
        store.load_evidence(path)


def test_what_a_later_release_added_is_not_looked_at(tmp_path: Path) -> None:
    """Members are only ever added, so a record with more of them is read for those that are known."""
    document = json.loads(SAMPLE.model_dump_json())
    for place in (document, document["target"], document["checks"][0], document["checks"][0]["facts"]):
        place["added_later"] = {"a": 1}
    (tmp_path / "a.json").write_text(json.dumps(document))
    assert store.load_evidence(tmp_path / "a.json") == SAMPLE


WRONG: Final[list[JsonValue]] = [[]] * 1000
"""Of no type that any member of a record has."""


def places(value: JsonValue, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Find every list and every map of a document, down to the first two members of each list."""
    if isinstance(value, list):
        yield path
        for number, member in enumerate(value[:2]):
            yield from places(member, (*path, number))
    elif isinstance(value, dict):
        if path and path[-1] in {"cells", "varying", "failed_samples"}:
            yield path
        for name, member in value.items():
            yield from places(member, (*path, name))


def poisoned(document: JsonValue, path: tuple[str | int, ...]) -> JsonValue:
    """Put a thousand mistakes where a list or a map was."""
    if not path:
        return {f"k{number}": 0 for number in range(1000)} if isinstance(document, dict) else WRONG
    first, *rest = path
    copied = copy(document)
    copied[first] = poisoned(copied[first], tuple(rest))  # type: ignore[index]  # a path of this document
    return copied


NOTED = SAMPLE.model_copy(
    update={"checks": tuple(check.model_copy(update={"varying": {"a": ("b",)}}) for check in SAMPLE.checks)}
)
KINDS_OF_VALUES: Final = 5
RECORDS: Final[list[tuple[type[BaseModel], JsonValue]]] = [
    (type(record), json.loads(record.model_dump_json())) for record in (NOTED, compare_of([NOTED]))
]


@pytest.mark.parametrize(
    ("kind", "document", "path"),
    [
        pytest.param(kind, document, path, id=".".join(map(str, (kind.__name__, *path))))
        for kind, document in RECORDS
        for path in places(document)
    ],
)
def test_a_poisoned_record_is_left_at_its_first_mistake(
    kind: type[BaseModel], document: JsonValue, path: tuple[str | int, ...]
) -> None:
    """A note on each of a million mistakes would fill the memory, wherever in a record they are."""
    with pytest.raises(ValidationError) as raised:
        kind.model_validate(poisoned(document, path))
    # Of a value that may be of several kinds, each kind says what it found first.
    assert raised.value.error_count() <= (KINDS_OF_VALUES if "value" in path else 1)


def test_text_in_a_saved_record_is_made_safe_again(tmp_path: Path) -> None:
    """A record may have been edited by anyone: its escape sequences never reach a terminal."""
    document = json.loads(SAMPLE.model_dump_json())
    document["target"]["base_url"] = "http://h\x1b]0;title\x07ost/v1"
    loaded = store.load_evidence(saved(tmp_path, target=document["target"]))
    assert loaded.target.base_url.isprintable()
