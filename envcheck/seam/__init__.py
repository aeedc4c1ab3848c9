"""The only way out of the process for what a server sent: an `Exchange` goes in, evidence comes out.

Everything before it may hold secrets; everything after it is frozen, typed and safe to share. It may know what a
probe is and how text is redacted, and nothing of who asked or when.
"""
