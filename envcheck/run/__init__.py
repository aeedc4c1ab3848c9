"""Who is asked what, when: environments go in, and each one's record comes out as soon as it is done.

It may know probes, the HTTP client and the seam; it knows no format, no file and no terminal. What a signal or a
display means to a run is told to it through `Progress` and by cancelling it.
"""
