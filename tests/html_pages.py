"""Pages to look at: of few and of many environments, of nights, and of a gateway that means harm."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from evidences import chat, evidence, failed, models, skipped
from pasts import sixty_nights
from render_samples import compared, fleet, four_environments, four_evidences

from envcheck.comparison import Result
from envcheck.redact import Redacted
from envcheck.render.html import html_files
from envcheck.render.html.past import past_page

HOSTILE: Final = (
    "<script>alert(1)</script>",
    "<img src=//evil.example/x onerror=alert(1)>",
    "</title></style></svg><iframe src=//evil.example>",
    "\" onmouseover='alert(1)' x=\"",
    "{{ 7*7 }}{% raw %}",
    "gpt\u202egnp\x1b[31m",
)


def comparison_of(number: int) -> str:
    """The page of so many environments; from the twelfth on they repeat."""
    first, *others = fleet(min(number, 12))
    repeated = (others * (number // max(1, len(others)) + 1))[: number - 1]
    named = [each.model_copy(update={"environment": f"{each.environment}-{i}"}) for i, each in enumerate(repeated)]
    records = [first, *named]
    return dict(html_files(Result(records, compared(*records))))["comparison.html"]


def four() -> dict[str, str]:
    """Every state, what failed, what was accepted; and a page of each environment."""
    return dict(html_files(Result(four_evidences(), four_environments())))


def hostile() -> dict[str, str]:
    """A gateway that puts markup wherever a server's word is shown."""
    bad = failed("models", "auth", status=401).model_copy(
        update={"error_preview": Redacted(HOSTILE[1]), "failure_detail": Redacted(HOSTILE[2])}
    )
    records = [
        evidence("production", models("a"), chat()),
        evidence("staging", models(*HOSTILE), chat(answered=HOSTILE[0], finish=HOSTILE[3])),
        evidence("vendor", bad, skipped("chat")),
    ]
    return dict(html_files(Result(records, compared(*records))))


def every_page() -> dict[str, str]:
    """Name each page that a browser is shown."""
    return {
        **four(),
        "two.html": comparison_of(2),
        "twelve.html": comparison_of(12),
        "many.html": comparison_of(200),
        "hostile.html": hostile()["comparison.html"],
        "hostile-one.html": hostile()["staging.html"],
        "nights.html": past_page(sixty_nights()),
    }


class Parsed(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def said(self) -> str:
        return " ".join(text for text in self.texts if text)
