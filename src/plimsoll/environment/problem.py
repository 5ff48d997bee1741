"""What is wrong with a configuration file, said so that a person can mend it."""

from __future__ import annotations


class ConfigurationError(Exception):
    """An environment file, a waiver file or a catalogue that cannot be used.

    Carries every problem found, each a line `file:line: key: what was found, what was expected`.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        """Return the problems, a line each."""
        return "\n".join(self.problems)


class UnknownEnvironmentError(ConfigurationError):
    """The name given is neither a file nor one of the environments at hand."""
