"""What iamlint raises: lower-case messages, help apart from them; the command line formats both."""

from __future__ import annotations


class IamlintError(Exception):
    """Anything iamlint can say about its own failure."""

    def __init__(self, message: str, *, help: str | None = None) -> None:  # noqa: A002 - the word users read
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(IamlintError):
    """Wrong use or a wrong configuration: exit code 2."""


class ReadError(IamlintError):
    """Something that could not be read: exit code 2."""


class BrokenError(IamlintError):
    """A rule, loader or reporter broke: exit code 3, never a clean result."""
