"""What the configuration lets pass, no finished report is refused for: a run must not end with exit 1 for the file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.compare import compare
from envcheck.comparison import Result
from envcheck.config import load
from envcheck.errors import ConfigError
from envcheck.render import FORMATS
from envcheck.render.terminal.table import render as table
from leaks.in_process import NOW, evidence_from
from leaks.places import Replies
from leaks.spellings import SPELLINGS
from leaks.test_leak_properties import KEYS

PLACES: Final = ("reason", "value", "model", "name", "api_key_env", "none")


def text_of_file(own: dict[str, str], accepted: str) -> str:
    """Give a file in which these texts of the user's stand; TOML reads JSON's strings."""
    quoted = {place: json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f") for place, text in own.items()}
    return f"""baseline = "production"
[defaults]
model = {quoted["model"]}
api_key_env = "GATEWAY_KEY"
[environments.production]
base_url = "https://gateway.example.com/v1"
[environments.{quoted["name"]}]
base_url = "https://other.example.com/v1"
api_key_env = {quoted["api_key_env"]}
[[accept]]
rule = "{accepted}"
environment = {quoted["name"]}
reason = {quoted["reason"]}
value = {quoted["value"]}
"""


def rendered(text: str, variables: dict[str, str]) -> list[str] | None:
    """Give what a run of this file would print and write, after a check of each; None where the file is refused."""
    try:
        plan = load(text, variables=variables, folder=Path())
    except ConfigError:
        return None
    evidences = [evidence_from(each, Replies(), plan.redactor) for each in plan.environments]
    comparison = compare(
        evidences, baseline=plan.baseline, policy=plan.policy, generated_at=NOW, today=date(2026, 3, 1)
    )
    result = Result(evidences, comparison)
    written = [report for form in FORMATS.values() for _, report in form.files(result)]
    written.append(table(comparison, evidences, width=160, color=False, only_differences=False))
    for artifact in written:
        plan.redactor.check(artifact)
    return written


@settings(max_examples=100, deadline=None)
@given(
    key=KEYS,
    first=st.integers(0, 40),
    length=st.integers(4, 60),
    spelling=st.sampled_from(["raw", *sorted(SPELLINGS)]),
    around=st.sampled_from(["{}", "{} is known", "of {}, since March", "a{}b"]),
    place=st.sampled_from(PLACES),
)
def test_what_passes_the_configuration_passes_the_check(
    *, key: str, first: int, length: int, spelling: str, around: str, place: str
) -> None:
    """Any piece of any key, in any spelling, at any place of the file: told before anything is sent, or harmless."""
    own = {
        "reason": "known",
        "value": "gpt-4o",
        "model": "gpt-4o",
        "name": "staging",
        "api_key_env": "OTHER_KEY",
        place: around.format(SPELLINGS[spelling](key[first : first + length])),
    }
    rendered(text_of_file(own, "models.removed"), {"GATEWAY_KEY": key, "OTHER_KEY": "correct-horse-7battery-staple"})


def test_an_honest_file_is_rendered_whole() -> None:
    """The property above would hold for a configuration that refuses everything."""
    own = {"reason": "known here", "value": "o3", "model": "gpt-4o", "name": "staging", "api_key_env": "OTHER_KEY"}
    written = rendered(text_of_file(own, "models.removed"), {"GATEWAY_KEY": "sk-proj-Xq7ZmP2rTv9LbK4wNd8HsYc3"})
    assert written is not None
    assert any("known here" in each for each in written)
