"""Redaction: the only maker of `Redacted` text. See `Redactor`."""

from envcheck.redact.redactor import Redacted, Redactor, SafeText, Secret

__all__ = ["Redacted", "Redactor", "SafeText", "Secret"]
