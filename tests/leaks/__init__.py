"""What a gateway may give back, in every place and every spelling, and a judge who reads each output in many ways.

`kinds` (of secrets) x `spellings` x `places` is the corpus, `judge` finds what came out, `echo_run` drives the command
line over it. The tests take a fixed sample; `python -m leaks.whole_product`, in `tests/`, takes all of it.
"""
