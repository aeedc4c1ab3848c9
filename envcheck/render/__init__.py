"""The formats: a result goes in, which is safe already, and named texts come out for `cli` to check and write.

A format escapes for where it is read, and never redacts or judges. It knows evidence, comparisons and words for them,
and no file and no terminal but by their widths. A new one is one module here and one line below.

`envcheck --help` reads the names of the registry, so importing this package loads no pydantic and no tabulate.
"""

from __future__ import annotations

from types import MappingProxyType

from envcheck.formats import FORMATS, Format, Package, Place, register
from envcheck.render.checklist import checklist_files
from envcheck.render.github import ANNOTATIONS, STEP_SUMMARY, github_texts
from envcheck.render.html import html_files
from envcheck.render.json import json_files
from envcheck.render.junit import junit_files
from envcheck.render.markdown import markdown_files
from envcheck.render.prometheus import prometheus_files

__all__ = ["FORMATS", "Format", "Package", "Place", "register"]


for _format in (
    Format("markdown", markdown_files, on_by_default=True, of_each=True),
    Format("json", json_files, on_by_default=True, of_each=True),
    Format("checklist", checklist_files, of_checklist=True),
    Format("junit", junit_files, of_checklist=True),
    Format(
        "github",
        github_texts,
        elsewhere=MappingProxyType({STEP_SUMMARY: Place.STEP_SUMMARY, ANNOTATIONS: Place.STDOUT}),
        # https://docs.github.com/actions/reference/workflows-and-actions/variables: "Always set to true".
        on_by_default_in="GITHUB_ACTIONS",
    ),
    Format("html", html_files, of_each=True, needs=Package("jinja2", "html")),
    Format("prometheus", prometheus_files, needs=Package("prometheus_client", "prometheus")),
):
    register(_format)
