"""The configuration room: TOML text to environments, and every mistake in it named at once.

The only room that knows tomli. `file_model` says what the file may hold; `load` makes environments of it.
"""

from envcheck.config.describe import Description, describe
from envcheck.config.endpoint import endpoint
from envcheck.config.load import Config, Judging, check_alone, check_text, load, read, read_judging
from envcheck.config.plugged import plug_in_from
from envcheck.config.schema import file_schema
from envcheck.config.selection import Overrides, probes_of_flag
from envcheck.config.starter import STARTER

__all__ = [
    "STARTER",
    "Config",
    "Description",
    "Judging",
    "Overrides",
    "check_alone",
    "check_text",
    "describe",
    "endpoint",
    "file_schema",
    "load",
    "plug_in_from",
    "probes_of_flag",
    "read",
    "read_judging",
]
