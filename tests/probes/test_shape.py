from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.probes.shape import MAX_KEY_PATHS, safe_key_paths
from envcheck.redact import Redactor


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
    ["top_logprobs", "logprobs", "arguments", "args", "input", "metadata", "Metadata", "logit_bias", "headers"],
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
    for path in paths_of(json.loads(json.dumps(document))):
        assert path.replace("[]", "").replace(".", "").replace("-", "_").isidentifier()
