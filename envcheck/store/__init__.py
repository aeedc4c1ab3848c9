"""Report files: texts go in and are files, whole or not at all; saved reports come back as records.

It knows folders, links and what a disk may do, and nothing of what stands in a report but its schema.
"""

from envcheck.store.named import try_as_named, write_as_named
from envcheck.store.saved import COMPARISON_STEM, load_comparison, load_evidence, load_folder
from envcheck.store.write import NotWritten, edit_text, try_folder, write_files, write_text

__all__ = [
    "COMPARISON_STEM",
    "NotWritten",
    "edit_text",
    "load_comparison",
    "load_evidence",
    "load_folder",
    "try_as_named",
    "try_folder",
    "write_as_named",
    "write_files",
    "write_text",
]
