"""Report files: texts go in and are files or objects, whole or not at all; saved reports come back as records.

It knows folders, links, object storage and what a disk may do, and nothing of what stands in a report but its schema.
"""

from envcheck.store.append import append_text
from envcheck.store.lock import LOCK_NAME, held
from envcheck.store.named import try_as_named, write_as_named
from envcheck.store.remote import found_in, read_ahead
from envcheck.store.saved import (
    COMPARISON_STEM,
    comparison_in,
    load_comparison,
    load_evidence,
    load_record,
    records_in,
    run_id_in,
)
from envcheck.store.write import NotWritten, edit_text, set_aside, try_folder, write_files, write_text

__all__ = [
    "COMPARISON_STEM",
    "LOCK_NAME",
    "NotWritten",
    "append_text",
    "comparison_in",
    "edit_text",
    "found_in",
    "held",
    "load_comparison",
    "load_evidence",
    "load_record",
    "read_ahead",
    "records_in",
    "run_id_in",
    "set_aside",
    "try_as_named",
    "try_folder",
    "write_as_named",
    "write_files",
    "write_text",
]
