"""Redaction: the only maker of `Redacted` text. See `Redactor`."""

from envcheck.redact.names import NO_NAMES, Names
from envcheck.redact.normal import MARKER
from envcheck.redact.redactor import Redacted, Redactor, SafeText
from envcheck.redact.secrets import Secret, SecretKind, secrets_of

__all__ = ["MARKER", "NO_NAMES", "Names", "Redacted", "Redactor", "SafeText", "Secret", "SecretKind", "secrets_of"]
