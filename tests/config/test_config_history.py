"""`[history]`: where runs are kept and for how long, and every mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_texts import loads, refuses

from envcheck.config import Overrides
from envcheck.policy import Keeping

ONE = '[environments.prod]\nbase_url = "https://gateway.test/v1"\n'


@pytest.mark.parametrize(
    ("table", "keeping"),
    [
        ("", Keeping(None, 90)),
        ('path = "kept.sqlite"', Keeping(Path("nowhere/kept.sqlite"), 90)),
        ('path = "/var/kept"\nkeep = "7d"', Keeping(Path("/var/kept"), 7)),
        ('keep = "forever"', Keeping(None, None)),
        ('path = "~/kept"', Keeping(Path("~/kept").expanduser(), 90)),
    ],
)
def test_where_and_for_how_long(table: str, keeping: Keeping) -> None:
    """A relative path starts from the file's folder."""
    assert loads(f"{ONE}[history]\n{table}\n").keeping == keeping


def test_the_command_line_goes_before_the_file() -> None:
    """For how long is said in the file alone."""
    config = loads(f'{ONE}[history]\npath = "kept"\nkeep = "3d"\n', overrides=Overrides(history=Path("other")))
    assert config.keeping == Keeping(Path("other"), 3)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ('keep = "90"', 'history.keep: is no number of days; write days as "90d", or "forever"'),
        ('keep = "2w"', 'history.keep: is no number of days; write days as "90d", or "forever"'),
        ('keep = "0d"', 'history.keep: is not from 1d to 36500d; or write "forever"'),
        ('keep = "36501d"', 'history.keep: is not from 1d to 36500d; or write "forever"'),
        ("keep = 90", "history.keep: must be a string, in quotes"),
        ('path = " "', "history.path: must not be empty"),
        ('path = "a\\nb"', "history.path: must be one line, without control characters"),
        ('path = "${HOME}/kept"', "history.path: "),
        ('path = "~nobody-of-this-name/kept"', "history.path: begins with the home of a user that there is not"),
        ('pathh = "kept"', 'history.pathh: unknown key; did you mean "path"?'),
    ],
)
def test_every_mistake_is_named(table: str, problem: str) -> None:
    """With its path and its remedy."""
    (told,) = refuses(f"{ONE}[history]\n{table}\n")
    assert told.startswith(problem)


def test_all_mistakes_are_told_at_once() -> None:
    """Beside those of other tables."""
    text = f'{ONE}colour = 1\n[history]\nkeep = "x"\npath = ""\n'
    assert [told.partition(": ")[0] for told in refuses(text)] == [
        "environments.prod.colour",
        "history.keep",
        "history.path",
    ]


def test_some_of_the_environments_are_a_part() -> None:
    """Whether the command line names them all or does not name any, it is the whole."""
    text = f'baseline = "prod"\n{ONE}[environments.eu]\nbase_url = "https://eu.test/v1"\n'
    assert [loads(text, overrides=Overrides(environments=names)).is_partial for names in ((), ("eu",), ("prod",))] == [
        False,
        False,
        True,
    ]
