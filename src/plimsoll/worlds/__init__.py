"""Mocked environments on loopback, compliant by construction, and the faults that break them.

Only 127.0.0.1 is ever bound, and nothing outlives a world but the files of its repository.
"""
