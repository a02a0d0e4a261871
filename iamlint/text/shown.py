"""Text of others as a terminal or a log may print it.

It steers nothing, commands nothing, and has no secret of the files that were read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern

if TYPE_CHECKING:
    import re

from iamlint.text.masked import mask

# A CI system takes these for commands: the first anywhere in a line, the second at its start.
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
# https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
_MARK: Final = late_pattern(r"#(?=#\w*\[)|^(\s*):(?=:)")


def plain(text: str) -> str:
    """Return text on one line, without what could steer a terminal or command a CI system."""
    return _commandless(_steerless(mask(text)))


def plain_line(text: str) -> str:
    """Return a line of a file alike; its tabs stay."""
    return _commandless("\t".join(map(_steerless, mask(text).split("\t"))))


def _commandless(text: str) -> str:
    return _MARK.sub(_written, text) if "##" in text or "::" in text else text


def _steerless(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _written(mark: re.Match[str]) -> str:
    return r"\x23" if mark[0] == "#" else rf"{mark[1]}\x3a"
