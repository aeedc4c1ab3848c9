from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.probes.shape import MAX_KEY_PATHS, MOST_NAMED, key_names, safe_key_paths
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from envcheck.judge.names import Names
    from envcheck.redact import Redacted


def paths_of(document: dict[str, object]) -> list[str]:
    return list(safe_key_paths(document, Redactor(), Redactor()))


def test_names_of_any_vendor_are_paths() -> None:
    """The API's own names and what gateways add, through objects and lists."""
    document: dict[str, object] = {"id": "x", "choices": [{"index": 0}, {"x_vendor": {"stop-reason": 1}}]}
    assert paths_of(document) == [
        "choices",
        "choices[].index",
        "choices[].x_vendor",
        "choices[].x_vendor.stop-reason",
        "id",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "top_logprobs",
        "logprobs",
        "prompt_logprobs",
        "arguments",
        "args",
        "input",
        "metadata",
        "Metadata",
        "logit_bias",
        "headers",
    ],
)
@pytest.mark.parametrize("members", [{"Paris": -0.1}, [{"Paris": {"Lyon": 1}}], {"content": [{"Paris": 1}]}])
def test_nothing_below_a_map_of_data_is_a_path(name: str, members: object) -> None:
    """A token or an argument is a word of the reply; the map itself is a fact about the gateway."""
    assert paths_of({"choices": [{name: members, "index": 0}]}) == sorted(
        ["choices", f"choices[].{name}", "choices[].index"]
    )


def test_a_map_of_data_is_the_same_shape_whatever_it_holds() -> None:
    """Two replies of one gateway, of which one has stranger tokens, do not differ, not even in `other`."""
    strange = {"logprobs": {" the capital": 1, "x" * 65: {"y": [{}] * 9000}}, "id": 1}
    assert paths_of(strange) == paths_of({"logprobs": None, "id": 1})


def test_a_shape_is_bounded() -> None:
    """A hostile reply has as many paths as are shown, and one word for the rest."""
    paths = paths_of({f"field_{number}": {"a": number} for number in range(4000)})
    assert "other" in paths
    assert len(paths) == MAX_KEY_PATHS + 1


def remembered(document: dict[str, object], shown: Iterable[Redacted], redactor: Redactor) -> Names:
    names = key_names(document, shown, redactor)
    assert names is not None
    return names


def test_of_a_reply_with_too_many_keys_none_is_remembered() -> None:
    """Millions of them would cost the run its memory; what is shown says `other`, and stays undecided."""
    at_most: dict[str, object] = {str(number): 1 for number in range(MOST_NAMED)}
    assert len(remembered(at_most, (), Redactor()).all) == MOST_NAMED
    assert key_names({**at_most, "more": 1}, (), Redactor()) is None


def hidden_and_all(document: dict[str, object], redactor: Redactor) -> tuple[int, int]:
    names = remembered(document, safe_key_paths(document, redactor, redactor), redactor)
    assert names.always == names.all
    return len(names.hidden), len(names.all)


@pytest.mark.parametrize(
    ("document", "hidden_of_all"),
    [
        ({"id": 1, "choices": [[{"a": 1}], {"b": {"c-d": 2}}]}, (0, 5)),
        ({"id": 1, "x y": {"z": 1}}, (2, 3)),
        ({"other": 1, "id": 2}, (1, 2)),
        ({"logprobs": {"Paris": 1}, "Headers": [{"x y": 1}], "metadata": None}, (0, 3)),
        ({f"k{number:03}": 1 for number in range(MAX_KEY_PATHS + 100)}, (100, MAX_KEY_PATHS + 100)),
        ({"list": [*({"a": 1} for _ in range(100)), {"b": 1}]}, (1, 3)),
    ],
)
def test_every_key_path_is_known_in_memory(document: dict[str, object], hidden_of_all: tuple[int, int]) -> None:
    """Those that are shown, and as hidden those that are odd, too many, far down a list, or are called `other`."""
    assert hidden_and_all(document, Redactor()) == hidden_of_all


def test_a_key_path_is_told_from_one_that_is_spelled_alike() -> None:
    """Dots and brackets in keys, and what is a list on one side, make no two paths one."""
    redactor = Redactor()
    documents: list[dict[str, object]] = [{"a": {"b": 1}}, {"a.b": 1, "a": 1}, {"a": [{"b": 1}]}, {"a": [[{"b": 1}]]}]
    assert len({remembered(document, (), redactor).all for document in documents}) == len(documents)


def test_keys_below_long_keys_take_no_more_memory_than_short_ones() -> None:
    """A path is as long as all its keys, so paths that are kept as text would outgrow any reply."""
    redactor = Redactor()
    names = remembered({"k" * 100_000: {str(number): {"x" * 1000: 1} for number in range(100)}}, (), redactor)
    assert {len(token) for token in names.all} == {16}


@given(
    st.dictionaries(
        st.sampled_from(["logprobs", "a", "id", ""]) | st.text(max_size=3),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=3),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=9,
        ),
        max_size=4,
    )
)
def test_any_document_has_a_shape(document: dict[str, object]) -> None:
    """Strangers write this; the walk never fails, and what is no identifier does not come out."""
    loaded, redactor = json.loads(json.dumps(document)), Redactor()
    shown = set(paths_of(loaded)) - {"other"}
    names = remembered(loaded, safe_key_paths(loaded, redactor, redactor), redactor)
    assert len(names.all - names.hidden) == len(shown)
    for path in paths_of(loaded):
        assert path.replace("[]", "").replace(".", "").replace("-", "_").isidentifier()
