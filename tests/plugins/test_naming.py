"""What the file's `plugins` may name: a package that is there and takes nobody's place. Nothing is sent otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.config import check_text
from envcheck.errors import ConfigError
from envcheck.plugins.names import is_name, normalised
from envcheck.probes import PROBES
from plugins.packages import TOY, install

if TYPE_CHECKING:
    from collections.abc import Callable

ENVIRONMENT = '[environments.e]\nbase_url = "http://127.0.0.1:9/v1"\n'


def told(plugins: str, more: str = ENVIRONMENT) -> list[str]:
    """Give the mistakes in a file that names these."""
    try:
        check_text(f"plugins = {plugins}\n{more}", folder=Path())
    except ConfigError as error:
        return list(error.problems)
    return []


def test_one_that_is_not_there_comes_with_the_command_that_installs_it(toy: Callable[..., None]) -> None:
    """All of them at once, in whatever spelling, each by its normalised name."""
    toy()
    assert told('["toy-plugin", "Envcheck_Nowhere", "other.nowhere"]') == [
        "plugins[1]: envcheck-nowhere is not installed; python -m pip install envcheck-nowhere",
        "plugins[2]: other-nowhere is not installed; python -m pip install other-nowhere",
    ]


def test_nothing_is_loaded_that_the_file_does_not_name(toy: Callable[..., None]) -> None:
    """A probe is given keys: to be installed is not enough."""
    toy()
    assert told("[]") == []
    assert "toy" not in PROBES
    assert told('["Toy_Plugin"]') == []
    assert PROBES["toy"].plugin == "toy-plugin"
    assert told('["toy-plugin"]') == []


@pytest.mark.parametrize(
    ("plugins", "said"),
    [
        ('"toy"', "plugins: must be an array, in square brackets"),
        ("[1]", "plugins[0]: must be a string, in quotes"),
        ('["toy>=1"]', "plugins[0]: must be the name of a package as pip installs it, without a version"),
        (
            '["sk-live-4Tq9ZxW2mK7vB1nR8yLpA3dF"]',
            "plugins[0]: must be the name of a package, and this looks",
        ),
        ('["toy-plugin", "toy_plugin"]', "plugins: names a package twice"),
        ('["pytest"]', "plugins[0]: pytest is installed, and is no plug-in: it has no entry point envcheck.probes or"),
    ],
)
def test_a_name_that_is_of_no_use_is_told_by_its_place(plugins: str, said: str, toy: Callable[..., None]) -> None:
    """Before anything else of the file, and without repeating what looks like a key."""
    toy()
    (problem,) = told(plugins)
    assert problem.startswith(said)
    assert "sk-live" not in problem


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("chat", "has a probe chat, and so has envcheck; leave one of the two out"),
        ("transport", "has a probe transport, and that is a word of envcheck's own; leave it out"),
        ("latency", "and that is a word of envcheck's own"),
        ("deep", "and that is a word of envcheck's own"),
        ("Re.Rank", "gives a probe or a format a name that is none"),
    ],
)
def test_a_name_that_is_taken_is_a_mistake_of_the_file(name: str, said: str, toy: Callable[..., None]) -> None:
    """Ours is never replaced, and nothing of the package is imported."""
    toy("raise OSError", probes={name: "TOY"})
    (problem,) = told('["toy-plugin"]')
    assert said in problem


def test_two_plug_ins_with_one_name_are_both_named(toy: Callable[..., None], site: Path) -> None:
    """Which of the two is meant nobody can tell."""
    toy()
    install(site, "toy-other", TOY, probes={"toy": "TOY"})
    (problem,) = told('["toy-plugin", "toy-other"]')
    assert "toy-other has a probe toy, and so has toy-plugin; leave one of the two out" in problem


def test_a_format_takes_the_place_of_none_of_ours(toy: Callable[..., None]) -> None:
    """Whoever says `-f json` gets ours."""
    toy(formats={"json": "TOY"})
    (problem,) = told('["toy-plugin"]')
    assert "has a format json, and so has envcheck" in problem


def test_metadata_that_cannot_be_read_is_told(toy: Callable[..., None], site: Path) -> None:
    """Of a package that was half installed, say."""
    toy()
    (site / "toy_plugin-1.0.dist-info" / "entry_points.txt").write_text("[envcheck.probes]\n= = =\n[[\n")
    (problem,) = told('["toy-plugin"]')
    assert problem.startswith("plugins[0]: toy-plugin")


@given(st.text(max_size=30))
def test_every_spelling_of_a_name_is_one_package(text: str) -> None:
    """Normalising what was normalised changes nothing, and what is a name stays one."""
    assert normalised(normalised(text)) == normalised(text)
    if is_name(text):
        assert is_name(normalised(text))
