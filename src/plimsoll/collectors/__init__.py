"""The only I/O: one module per source, run once and concurrently by the engine."""
