"""A result for people at a terminal: a table as wide as the terminal, what failed, what was found, and the verdict.

It is handed a comparison and its evidence, which are safe already; it escapes for a terminal and judges nothing.
"""
