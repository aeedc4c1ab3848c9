"""How one field of a probe is held against another's: checks of two environments go in, a judgement comes out.

It is pure, and knows neither a probe by its name nor a format: a probe's fields are values made of what is here.
Values are typed; words for people are made in `render`.
"""
