"""The documentation as a site: `make site`, which writes build/site/index.html.

Sphinx, MyST and Furo, because each is kept: all of them had a release within the year, and Sphinx has had them for
eighteen. MkDocs has had none since August 2024, which Material for MkDocs stands on, and Zensical, which is to come
after both, is at 0.1. The pages stay the Markdown that a forge shows. Furo fetches nothing, and the search is a script
beside the pages that works from a disk too.

The source is the root of the checkout, so that what links from one page to another there does so here.
"""

# ruff: noqa: A001, INP001 - Sphinx reads names that it chose, from a file that is no module
from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from envcheck import __version__  # noqa: E402 - of this checkout, whatever is installed

project = "envcheck"
release = version = __version__
copyright = "the authors of envcheck, under the MIT licence"
language = "en"

extensions = ["myst_parser"]
root_doc = "README"
include_patterns = [
    "README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md", "reports/sample/*.md",
    "examples/*/README.md",
]  # fmt: skip
exclude_patterns: list[str] = []
myst_heading_anchors = 4
# As on a forge, where a line of three hyphens in a report is one, and a table of a gateway's words holds no role.
myst_disable_syntax = ["myst_role", "myst_line_comment", "myst_block_break", "myst_target", "substitution"]
suppress_warnings = ["misc.highlighting_failure"]  # what a report shows in a fence may be anything

html_theme = "furo"
html_title = f"envcheck {__version__}"
html_copy_source = False
html_show_sphinx = False
html_additional_pages = {"index": "start.html"}
templates_path = ["site"]

_NAVIGATION = """
```{toctree}
:hidden:
:caption: Using it

Overview <self>
docs/how-envcheck-decides
docs/rollout
docs/nightly
docs/history
docs/many-machines
docs/plugins
examples/envcheck-rerank/README
docs/library
docs/formats
docs/ci
docs/failure-scenarios
docs/gateways
SECURITY
```

```{toctree}
:hidden:
:caption: What a run writes

Comparison <reports/sample/comparison>
production <reports/sample/production>
staging <reports/sample/staging>
new-region <reports/sample/new-region>
```

```{toctree}
:hidden:
:caption: Working on it

CONTRIBUTING
docs/architecture
docs/speed
docs/speed-results
docs/licences
CHANGELOG
```
"""


def _navigate(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the navigation on the first page: on a forge it would be shown as text."""
    if docname == app.config.root_doc:
        source[0] += _NAVIGATION


def setup(app: Sphinx) -> None:
    """Tell Sphinx of what is ours."""
    app.connect("source-read", _navigate)
