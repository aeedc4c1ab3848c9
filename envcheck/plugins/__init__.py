"""Probes and formats of other packages: names of distributions go in, what they bring is in the registries after that.

A package is loaded only where the file names it, for a probe holds keys. Nothing here trusts what it loads: a probe is
looked through before it is registered and guarded when it is asked, a format's files are checked, and what breaks or
hangs is one probe's column or one format's files. What has no deadline: code that blocks the event loop in `ask`, and
code that never lets go of the interpreter, as a regular expression that backtracks for ever.

`load` loads one, and `names` is all that a file without plug-ins needs of this room.
"""
