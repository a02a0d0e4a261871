"""`iamlint rule new`: a rule to start from, for iamlint itself or for a plugin."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from iamlint.cli.ending import unwritable
from iamlint.errors import UsageError
from iamlint.policy.spelling import did_you_mean
from iamlint.rule import RESERVED
from iamlint.rule.finding import Family
from iamlint.writing import write_file

_RULES: Final = Path("iamlint", "rules")
_TEMPLATE: Final = '''\
"""Flags {name}: write here what an attacker gains, or what does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING

{imports}
if TYPE_CHECKING:
    from collections.abc import Iterator

{types}


def check(statement: Statement, _: RuleContext) -> Iterator[Hit]:
    if statement.allows and statement.sid is None:
        yield Hit(statement.at, "write here what happens, and to which principal or resource")


RULE = Rule(
    name="{name}",
    family=Family.{family},
    module=__name__,
    summary="what is wrong, in one line",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    advice="what to do",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/",),
    check=check,
    bad=(
        bad(
            "why this is bad",
            """{{Effect: "Allow", Action: "s3:GetObject", Resource: "*"}} //!""",
        ),
        bad(
            "why this is bad too",
            """
            {{ //!
              Effect: "Allow", Action: "*", Resource: "*",
            }}""",
        ),
    ),
    good=(
        good(
            "why this is good",
            """{{Sid: "A", Effect: "Allow", Action: "s3:GetObject", Resource: "*"}}""",
        ),
        good(
            "what comes close, and is good",
            """{{Effect: "Deny", Action: "s3:GetObject", Resource: "*"}}""",
        ),
    ),
)
'''
_HOOK: Final = '''

@hookimpl
def iamlint_rules() -> list[Rule]:
    """Return the rules of this plugin."""
    return [RULE]
'''
_OURS: Final = {
    "imports": "from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good\n",
    "types": """\
    from iamlint.policy.model import Statement
    from iamlint.rule import RuleContext""",
}
_PLUGIN: Final = {
    "imports": "from iamlint import Confidence, Family, Hit, Rule, Severity, bad, good, hookimpl\n",
    "types": "    from iamlint import RuleContext, Statement",
}


def write_rule(family: str, name: str, here: Path) -> str:
    """Write a rule to start from; return the next steps.

    In a checkout of iamlint it goes into the family's folder. Anywhere else it is a module of a
    plugin, in the current folder. Raise for a name that no rule can have.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or name == RESERVED:
        raise UsageError(
            f"a rule cannot have the name `{name}`",
            help="a name has lower-case letters, digits and hyphens, and reads after *allow*",
        )
    if family not in [str(one) for one in Family]:
        raise UsageError(
            f"there is no family `{family}`",
            help=did_you_mean(family, Family) or f"one of: {', '.join(Family)}",
        )
    module = name.replace("-", "_")
    is_ours = (here / _RULES / family / "__init__.py").is_file()
    path = _RULES / family / f"{module}.py" if is_ours else Path(f"{module}.py")
    if (here / path).exists():
        raise UsageError(f"`{path}` exists already", help="choose another name")
    imports = _OURS if is_ours else _PLUGIN
    text = _TEMPLATE.format(name=name, family=family.upper(), **imports)
    _write(path, text if is_ours else text + _HOOK, here)
    if is_ours:
        return f"wrote {path}\nnext: its check and its examples; `make docs` adds it to the rules"
    return (
        f"wrote {path}\nnext: its check and its examples; to run it, register it as an entry point "
        f'in the group `iamlint`, or put `plugins = ["{module}"]` in iamlint.toml and call '
        "`PYTHONPATH=. iamlint check --allow-plugins`"
    )


def _write(path: Path, text: str, here: Path) -> None:
    try:
        write_file(path, text, here)
    except OSError as error:
        raise unwritable(path, error) from error


def echo_new(arguments: tuple[str, ...], here: Path) -> None:
    """Run `iamlint rule new FAMILY NAME`."""
    try:
        family, name = arguments
    except ValueError:
        raise UsageError("`iamlint rule new` takes a family and a name") from None
    click.echo(write_rule(family, name, here))
