"""What a history says, to be read: a past goes in, one text comes out, for a terminal, a script or a table.

The page of many nights stands in `html`, where its templates are. Nothing here knows where a past comes from.
"""

from envcheck.render.history.document import document_of
from envcheck.render.history.rows import csv_of
from envcheck.render.history.text import text_of

__all__ = ["csv_of", "document_of", "text_of"]
