"""Redaction: secrets and a stranger's text go in, text that is safe to share comes out.

`Redactor` is the only maker of `Redacted`. It knows `Secret`s and nothing of environments, probes or files: it could be
a library of its own. Who refuses a key in a wrong place finds here what looks like one.
"""

from envcheck.redact.normal import MARKER
from envcheck.redact.opaque import is_opaque
from envcheck.redact.patterns import PROVIDER_KEY
from envcheck.redact.redactor import Redacted, Redactor, SafeText
from envcheck.redact.secret import Secret, SecretKind, can_be_guessed
from envcheck.redact.vocabulary import known_positions, odd_pairs

__all__ = ["MARKER", "PROVIDER_KEY", "Redacted", "Redactor", "SafeText", "Secret", "SecretKind"]
__all__ += ["can_be_guessed", "is_opaque", "known_positions", "odd_pairs"]
