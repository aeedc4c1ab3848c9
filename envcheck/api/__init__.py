"""envcheck as a library: load a file, run it, compare, render. The command line is made of the same functions.

Nothing here prints, exits, reads the process's environment or writes a file. What cannot be done raises an exception of
`envcheck.errors`; what was done and failed is in the result. `docs/library.md` shows all of it at work.
"""

from envcheck.api.judging import Before, compare, compared, second_batch
from envcheck.api.running import Collected, probe, run, run_async
from envcheck.api.saved import read_reports
from envcheck.api.texts import render, texts_of
from envcheck.comparison import Comparison, Result, Verdict
from envcheck.config import Config, Overrides
from envcheck.config import read as load
from envcheck.evidence import Evidence
from envcheck.policy import Policy

__all__ = [
    "Before",
    "Collected",
    "Comparison",
    "Config",
    "Evidence",
    "Overrides",
    "Policy",
    "Result",
    "Verdict",
    "compare",
    "compared",
    "load",
    "probe",
    "read_reports",
    "render",
    "run",
    "run_async",
    "second_batch",
    "texts_of",
]
