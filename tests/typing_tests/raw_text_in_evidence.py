"""mypy has to refuse this file: a plain string is not `Redacted`, so it cannot get into evidence."""

from envcheck.evidence import Check
from envcheck.model import Outcome

body_of_a_reply: str = "sk-live-secret"

Check(probe="models", request=body_of_a_reply, outcome=Outcome.PASS)
