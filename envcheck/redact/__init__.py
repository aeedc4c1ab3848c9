"""Redaction: the only maker of `Redacted` text. See `Redactor`."""

from envcheck.redact.names import Names
from envcheck.redact.normal import MARKER
from envcheck.redact.redactor import Redacted, Redactor, SafeText
from envcheck.redact.secrets import Secret, SecretKind, secrets_of

__all__ = ["MARKER", "Names", "Redacted", "Redactor", "SafeText", "Secret", "SecretKind", "secrets_of"]
