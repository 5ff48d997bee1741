"""Reports of a run: every format is a pure function of the results document."""
