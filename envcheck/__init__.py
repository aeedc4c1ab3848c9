"""Compare OpenAI-compatible endpoints side by side, with evidence that is safe to share."""

__version__ = "0.1.0"
