"""Variables of Serverless Framework: replaced before CloudFormation reads the text.

https://www.serverless.com/framework/docs/providers/aws/guide/variables
"""

from __future__ import annotations

from typing import Final

from iamlint.late_pattern import late_pattern

_SOURCES: Final = (
    r"(?:aws:(?:accountId|partition|region)|cf|env|file|opt|param|s3|self|sls|ssm|strToBool)"
    r"(?![\w-])"
)
_NAME = late_pattern(_SOURCES)
START = late_pattern(rf"\$\{{(?={_SOURCES}|\$\b)|#\{{")
"""Where a variable starts; `#{…}` is that of a plugin for pseudo parameters."""

_MARKS: Final = ("${self:", "${opt:", "${sls:", "${file(")


def is_variable(name: str) -> bool:
    """Return whether a name in `${…}` is a variable of Serverless Framework."""
    return _NAME.match(name) is not None


def uses_variables(text: str) -> bool:
    """Return whether a text has variables in a notation of Serverless Framework only."""
    return any(mark in text for mark in _MARKS)
