"""The file that `envcheck init` writes."""

from __future__ import annotations

from typing import Final

# The schema is named by a path beside the file: editors and taplo look up no URN, and no address on the web is ours. A
# machine that has neither sees a comment.
STARTER: Final = """\
#:schema ./environments.schema.json
# environments.toml: what envcheck compares. The line above lets an editor complete and check it, after you ran this:
# envcheck schema config > environments.schema.json
#
# No key belongs in this file; name the variable that holds it. "envcheck check-config" says what is set.

# The environment that the others are held against.
baseline = "production"

# What holds for every environment that says nothing else.
[defaults]
timeout_s = 20
probes = ["models", "chat"]

[environments.production]
base_url = "https://gateway.example.com/v1"
# The NAME of a variable; leave it out for an endpoint without a key.
api_key_env = "PROD_API_KEY"
# The model to ask; without it, the first one that /models lists.
#model = "gpt-4o-mini"

[environments.staging]
base_url = "https://staging.gateway.example.com/v1"
api_key_env = "STAGING_API_KEY"
#model = "gpt-4o-mini"
# ${NAME} reads a variable, here and in base_url.
#headers = { "X-Team" = "${TEAM}" }

# How latency is judged, from five samples on.
#[compare]
#latency_ratio = 1.25
#latency_floor_ms = 50

# A difference that you know of: still shown, never counted. "envcheck accept" writes these.
#[[accept]]
#rule = "models.removed"
#environment = "staging"
#reason = "not rolled out to staging yet"
#expires = 2027-01-31
"""
