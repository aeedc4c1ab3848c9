"""Every run that was kept, in one SQLite file: made of evidence and comparisons alone, and nothing beside them.

A whole run comes back as the records that it was made of. Beside these stand, to be asked quickly, the checks, each
fact from the run on in which it changed, the latencies and the findings. What is older is a summary of each day.
"""

from envcheck.history.days import environments_in
from envcheck.history.file import History, opened, opened_to_read
from envcheck.history.known import known_before
from envcheck.history.looking_back import Asked, fields_in, past_of
from envcheck.history.nights import nights_of
from envcheck.history.reading import Question, last_comparison, last_evidence, pass_over_later
from envcheck.history.retention import prune
from envcheck.history.tonight import asked_last, with_tonight
from envcheck.history.writing import CARRIED, keep

__all__ = [
    "CARRIED",
    "Asked",
    "History",
    "Question",
    "asked_last",
    "environments_in",
    "fields_in",
    "keep",
    "known_before",
    "last_comparison",
    "last_evidence",
    "nights_of",
    "opened",
    "opened_to_read",
    "pass_over_later",
    "past_of",
    "prune",
    "with_tonight",
]
