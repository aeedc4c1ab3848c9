from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shards import BASELINE, Fleet, fleet_of

from envcheck.compare.shards import sift
from envcheck.comparison import Shard, Why, shard_of
from envcheck.errors import EvidenceError

if TYPE_CHECKING:
    from envcheck.compare.shards import Sifted

NAMES: Final = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,9}", fullmatch=True)
HALF_A_DAY: Final = timedelta(hours=12)
A_DAY_S: Final = 24 * 3600.0


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    """Twenty environments and their baseline."""
    return Fleet(fleet_of(21))


def troubles(sifted: Sifted) -> list[tuple[Why, int | None, str | None]]:
    """Give what is wrong, with which shard, and in which folder."""
    return [
        (each.note.why, each.note.number, None if each.part is None else each.part.where) for each in sifted.troubles
    ]


@settings(max_examples=30)
@given(st.lists(NAMES, unique=True, min_size=2, max_size=40), st.integers(1, 50))
def test_every_environment_is_in_one_shard_and_the_baseline_in_each(names: list[str], of: int) -> None:
    """The shards of a fleet are the fleet, whoever is in it and however many there are."""
    shards = [
        Shard(number=number, of=of, configuration="0" * 16, baseline=names[0], fleet=tuple(names))
        for number in range(1, of + 1)
    ]
    found = [name for shard in shards for name in shard.environments()[1:]]
    assert sorted(found) == sorted(names[1:])
    assert {shard.environments()[0] for shard in shards} == {names[0]}


@settings(max_examples=30)
@given(st.lists(NAMES, unique=True, min_size=3, max_size=20), st.integers(1, 9))
def test_an_environment_that_is_added_moves_none_of_the_others(names: list[str], of: int) -> None:
    """Wherever it stands in the file, a night's history of each other environment goes on in the same shard."""
    baseline, added, *others = names
    for number in range(1, of + 1):
        before = Shard(number=number, of=of, configuration="0" * 16, baseline=baseline, fleet=(baseline, *others))
        after = before.model_copy(update={"fleet": (baseline, added, *others)})
        assert [name for name in after.environments() if name != added] == list(before.environments())


def test_names_go_where_they_always_went() -> None:
    """Another release of envcheck on another machine shares out in the same way."""
    assert [shard_of(name, 10) for name in ("production", "staging", "canary", "eu-west-1")] == [6, 7, 3, 9]


def test_shards_are_about_as_large_as_each_other() -> None:
    """Of a thousand environments in ten shards none has half as many again as its share, nor half of it."""
    sizes = [0] * 10
    for number in range(1000):
        sizes[shard_of(f"gateway-{number:04}", 10) - 1] += 1
    assert min(sizes) > 50
    assert max(sizes) < 150


def test_shards_that_belong_together_are_all_kept(fleet: Fleet) -> None:
    """In whatever order they are named, they are put together by their numbers, and nothing is wrong."""
    parts = fleet.parts(4)
    sifted = sift([parts[2], parts[0], parts[3], parts[1]], within=HALF_A_DAY)
    assert sifted.parts == parts
    assert (sifted.troubles, sifted.not_probed) == ([], ())


def test_a_shard_that_is_missing_is_named_with_its_environments(fleet: Fleet) -> None:
    """Whoever reads it knows what was not looked at."""
    parts = fleet.parts(4)
    sifted = sift([parts[0], parts[3]], within=HALF_A_DAY)
    assert troubles(sifted) == [(Why.SHARD_MISSING, 2, None), (Why.SHARD_MISSING, 3, None)]
    absent = [name for name in parts[0].shard.fleet if name not in {*parts[0].evidences, *parts[3].evidences}]
    assert list(sifted.not_probed) == absent
    assert {name for each in sifted.troubles for name in each.environments} == set(absent)
    assert BASELINE not in absent


def test_of_a_shard_that_is_there_twice_the_newer_counts(fleet: Fleet) -> None:
    """The other is named, with the one that counts in its place."""
    first, second = fleet.parts(2)
    again = fleet.part(1, 2, late_s=60.0)
    sifted = sift([first, again, second], within=HALF_A_DAY)
    assert sifted.parts == [again, second]
    assert troubles(sifted) == [(Why.SHARD_TWICE, 1, "shard-1")]
    assert sifted.troubles[0].part is first
    assert sifted.troubles[0].instead is again


def test_a_shard_of_another_configuration_is_left_out(fleet: Fleet) -> None:
    """Most of them say which is the right one, also where the odd one ran last; its number is missing then."""
    parts = fleet.parts(3)
    odd = fleet.part(3, 3, late_s=60.0, configuration="f" * 16)
    sifted = sift([*parts[:2], odd], within=HALF_A_DAY)
    assert sifted.parts == parts[:2]
    assert troubles(sifted) == [(Why.SHARD_OTHER_CONFIGURATION, 3, "shard-3"), (Why.SHARD_MISSING, 3, None)]


def test_a_shard_of_another_number_of_shards_is_left_out(fleet: Fleet) -> None:
    """It has environments of several others, and lacks some of its own."""
    sifted = sift([*fleet.parts(2), fleet.part(3, 3)], within=HALF_A_DAY)
    assert [part.shard.of for part in sifted.parts] == [2, 2]
    assert troubles(sifted) == [(Why.SHARD_OTHER_CONFIGURATION, 3, "shard-3")]


def test_of_two_configurations_with_equally_many_shards_the_later_counts(fleet: Fleet) -> None:
    """What ran last is what somebody wanted."""
    before, after = fleet.part(1, 2), fleet.part(2, 2, late_s=60.0, configuration="f" * 16)
    sifted = sift([before, after], within=HALF_A_DAY)
    assert sifted.parts == [after]


def test_a_shard_of_last_night_is_left_out_and_so_missing(fleet: Fleet) -> None:
    """It is older than the rest by more than is allowed for; by less, machines only took turns."""
    parts = [fleet.part(1, 2), fleet.part(2, 2, late_s=A_DAY_S)]
    sifted = sift(parts, within=HALF_A_DAY)
    assert sifted.parts == parts[1:]
    assert troubles(sifted) == [(Why.SHARD_OLDER, 1, "shard-1"), (Why.SHARD_MISSING, 1, None)]
    assert sift(parts, within=timedelta(seconds=A_DAY_S)).troubles == []


def test_no_shards_are_no_comparison() -> None:
    """There is nothing to put together, which is no empty result."""
    with pytest.raises(EvidenceError, match="name the report folders of runs with --shard"):
        sift([], within=HALF_A_DAY)
