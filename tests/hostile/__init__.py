"""Replies that no honest gateway sends, made up from a number, and the whole command line run over hundreds at a time.

`starts`, `headers`, `bodies` and `framing` are what can be wrong, `replies` puts it together, `runs` drives the command
line and judges what came of it. The tests take a few hundred; `make fuzz` takes 10,000.
"""
