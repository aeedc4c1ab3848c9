from __future__ import annotations

import base64

import pytest
from evidences import chat, evidence, failed, models
from pydantic import SecretStr

from envcheck.config.secrets import secrets_of
from envcheck.errors import LeakError
from envcheck.model import Environment
from envcheck.probes.models import ModelsFacts
from envcheck.redact import MARKER, Redacted, Redactor
from envcheck.seam.withhold import without_trips
from envcheck.transport import TransportFacts

KEY = "sk-proj-MadeUp0123456789abcdefghijkl"
TEAM = "team-zebra-4471"
PROMPT = "Tell me what a penguin eats on a Sunday, in one sentence."
ENVIRONMENT = Environment(
    "staging",
    "https://gateway.example.com/v1",
    api_key=SecretStr(KEY),
    headers={"X-Team": SecretStr(TEAM)},
    prompt=SecretStr(PROMPT),
)
REDACTOR = Redactor(secrets_of((ENVIRONMENT,))).for_server(shows_text=ENVIRONMENT.server_text)


def test_a_record_without_a_secret_stays_as_it_is() -> None:
    """The same object: nothing is read again for nothing."""
    record = evidence("staging", models("gpt-4o"), failed("chat", "auth", detail="No."))
    assert without_trips(record, REDACTOR) is record


@pytest.mark.parametrize("secret", [KEY, PROMPT])
def test_only_the_text_that_holds_a_secret_is_withheld(secret: str) -> None:
    """The list keeps its other models, the check its outcome, and the record says what was done."""
    record = evidence("staging", models("gpt-4o", f"x-{secret}"), failed("chat", "auth", detail=f"bad: {secret}"))
    kept = without_trips(record, REDACTOR)
    listed, refused = kept.checks
    assert isinstance(listed.facts, ModelsFacts)
    assert set(listed.facts.model_ids) == {"gpt-4o", MARKER}
    assert refused.failure_detail == MARKER
    assert (refused.failure_class, refused.outcome) == ("auth", "fail")
    assert kept.safety.server_text == "withheld_by_tripwire"
    assert secret not in kept.model_dump_json()


def test_a_header_value_of_words_is_withheld_from_sentences_and_not_from_names() -> None:
    """A model may be called like a team, and nobody's list changes for a header."""
    record = evidence("staging", models(f"{TEAM}/gpt-4o"), failed("chat", "auth", detail=f"bad: {TEAM}"))
    listed, refused = without_trips(record, REDACTOR).checks
    assert isinstance(listed.facts, ModelsFacts)
    assert listed.facts.model_ids == (f"{TEAM}/gpt-4o",)
    assert refused.failure_detail == MARKER


def test_what_was_read_on_the_way_is_searched_too() -> None:
    """A header that the user had recorded is a server's text like any other."""
    transport = TransportFacts(http_version="1.1", headers={Redacted("x-debug"): (Redacted(f"is {KEY}"),)})
    record = evidence("staging", models("gpt-4o")).model_copy(update={"transport": transport})
    kept = without_trips(record, REDACTOR)
    assert kept.transport == transport.model_copy(update={"headers": {"x-debug": (MARKER,)}})
    assert kept.safety.server_text == "withheld_by_tripwire"


def test_all_that_the_last_tripwire_would_find_is_found_here_first() -> None:
    """Else one server could cost everybody's run: a key in an encoding is withheld from its own record."""
    for spelled in (KEY, KEY.upper(), base64.b64encode(f"x{KEY}".encode()).decode(), KEY.encode().hex()):
        record = evidence("staging", failed("chat", "auth", detail=spelled))
        with pytest.raises(LeakError):
            REDACTOR.check(record.model_dump_json())
        REDACTOR.check(without_trips(record, REDACTOR).model_dump_json())


def test_the_users_own_words_are_not_the_servers() -> None:
    """A model or an address that the file names is shown, whatever a header says."""
    record = evidence("staging", chat(model=TEAM, answered=TEAM))
    target = record.target.model_copy(update={"requested_model": Redacted(TEAM)})
    own = record.model_copy(update={"target": target})
    assert without_trips(own, REDACTOR) is own


@pytest.mark.parametrize("secret", [KEY, PROMPT])
def test_the_first_model_that_is_listed_is_the_servers_too(secret: str) -> None:
    """Where none is configured it stands in the target beside what the user wrote."""
    record = evidence("staging", models("gpt-4o"))
    target = record.target.model_copy(update={"selected_model": Redacted(f"x-{secret}")})
    kept = without_trips(record.model_copy(update={"target": target}), REDACTOR)
    assert kept.target.selected_model == MARKER
    assert kept.safety.server_text == "withheld_by_tripwire"
