"""Provider-neutral things that are judged, and the probes that ask for them.

Values only: nothing here does I/O, and nothing here judges.
"""
