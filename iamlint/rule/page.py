"""The page of a rule: why, bad, good, how to fix and how to ignore; for people and programs."""

from __future__ import annotations

import dataclasses
import json
from textwrap import dedent, indent
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.policy.grammar import Kind
from iamlint.policy.network import Network
from iamlint.rule.docs_url import page_url
from iamlint.rule.peers import checks_like, rules_like
from iamlint.rule.rule import MARK, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.rule.controls import Controls
    from iamlint.rule.demands import ForbiddenAccess
    from iamlint.rule.rule import Example, Rule

_SHOWN_MARK = "<-- reported"
_COMMENTS = {"yaml": "# ", "tf": "# ", "csv": ""}
_SCOPES = {
    Scope.ATTACHMENT: "attachment: a policy of AWS, where it is attached",
    Scope.ACCOUNT: "account: all policies of a run together",
}
_METADATA = """\
Metadata:
  iamlint:
    ignore: [{{rule: {}, reason: why this is safe here}}]"""
_TOGETHER = "policy, and all policies of one principal together"


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code; `language` as Markdown names it."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A title and what is under it: paragraphs in Markdown, and code."""

    title: str
    blocks: tuple[Block, ...]


Block: TypeAlias = "str | Code"


def as_text(rule: Rule) -> str:
    lines = [f"{rule.name}: {rule.summary}", "", indent(_facts(rule), "  ")]
    for section in sections(rule):
        lines += ["", section.title]
        for number, block in enumerate(section.blocks):
            gap = [""] if number and not _belongs(section.blocks[number - 1], block) else []
            deep = indent(block.text, "      ") if isinstance(block, Code) else indent(block, "  ")
            lines += [*gap, deep]
    return "\n".join(lines)


def as_markdown(rule: Rule) -> str:
    parts = [f"# `{rule.name}`", f"{sentence(rule.summary)}", _facts(rule).replace("\n", "  \n")]
    for section in sections(rule):
        parts.append(f"## {section.title}")
        parts += [
            f"```{block.language}\n{block.text}\n```" if isinstance(block, Code) else block
            for block in section.blocks
        ]
    return "\n\n".join(parts)


def as_json(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "url": page_url(rule),
        "since": rule.since,
        "family": rule.family,
        "summary": rule.summary,
        "severity": rule.severity,
        "confidence": rule.confidence,
        "profile": rule.profile,
        "security_severity": rule.security_severity,
        "access_analyzer": list(rule.access_analyzer),
        "cwe": rule.cwe,
        "kinds": _kinds(rule),
        "scope": rule.scope,
        "why": rule.why,
        "bad": [_example(example) for example in rule.bad],
        "good": [_example(example) for example in rule.good],
        "advice": rule.advice,
        "options": _options(rule),
        "see_also": rules_like(rule.name),
        "sources": list(rule.sources),
        "peers": checks_like(rule.name),
    }


def sections(rule: Rule) -> Iterator[Section]:
    """Yield the sections of a rule's page in order, without empty ones."""
    yield Section("Why", (rule.why,))
    if rule.bad:
        yield Section("Reported", tuple(_shown(rule, rule.bad)))
    if rule.good:
        yield Section("Not reported", tuple(_shown(rule, rule.good)))
    if rule.advice:
        yield Section("How to fix", (sentence(rule.advice),))
    yield Section("How to ignore", tuple(_ignoring(rule)))
    if rule.options is not None:
        yield Section("Options", tuple(_setting_up(rule, rule.options)))
    if others := rules_like(rule.name):
        yield Section("See also", ("\n".join(f"- `{other}`" for other in others),))
    if rule.sources:
        yield Section("Sources", ("\n".join(f"- {source}" for source in rule.sources),))
    if rule.controls is not None:
        yield Section("Benchmarks", ("\n".join(_benchmarks(rule.controls)),))
    if peers := checks_like(rule.name):
        lines = (f"- {tool}: {', '.join(checks)}" for tool, checks in peers.items())
        yield Section("Checks of other tools", ("\n".join(lines),))


def sentence(text: str) -> str:
    """Return a lower-case text without a full stop as a sentence.

    A first word that is a name, such as `iam:PassRole`, stays as it is.
    """
    first = text.partition(" ")[0]
    is_word = first.rstrip(",").replace("-", "").replace("'", "").isalpha() and first.islower()
    return (text[:1].upper() + text[1:] if is_word else text) + (
        "" if text.endswith((".", "?")) else "."
    )


def _facts(rule: Rule) -> str:
    facts = {
        "Docs": page_url(rule),
        "Since": rule.since,
        "Family": rule.family,
        "Severity": rule.severity,
        "Confidence": rule.confidence,
        "Profile": rule.profile,
        "Security severity": rule.security_severity,
        "CWE": rule.cwe,
        "Access Analyzer": ", ".join(rule.access_analyzer),
        "Policies": ", ".join(_kinds(rule)) if len(rule.kinds) < len(Kind) else "",
        "Scope": _SCOPES.get(rule.scope, _TOGETHER if rule.looks_at_account else ""),
    }
    return "\n".join(f"{name}: {fact}" for name, fact in facts.items() if fact)


def _kinds(rule: Rule) -> list[str]:
    return [kind.value for kind in Kind if kind in rule.kinds]


def _shown(rule: Rule, examples: tuple[Example, ...]) -> Iterator[Block]:
    for example in examples:
        setting = _setting(rule, example)
        yield (
            sentence(example.reason).removesuffix(".") + (f" ({setting})" if setting else "") + ":"
        )
        yield Code(_language(example.file), _text(example.file, example.text))
        for file, text in example.files.items():
            yield f"Beside it `{file}`:"
            yield Code(_language(file), _text(file, text))


def _setting(rule: Rule, example: Example) -> str:
    """Return what the reader has to know beside the text of an example."""
    home = example.home
    given = {
        "account": home.account,
        "organization": home.organization,
        "trusted-accounts": ", ".join(sorted(home.trusted_accounts)),
        "never": "; ".join(map(_never, home.never)),
        "reference": ", ".join(one.policy for one in home.references),
        "resource": example.resource_type,
        "network": "" if example.network is Network.INTERNET else example.network,
        **{name.replace("_", "-"): _given(value) for name, value in example.options.items()},
    }
    kind = example.kind.value if len(rule.kinds) > 1 and example.kind is not Kind.IDENTITY else ""
    words = [f"{kind} policy"] if kind else []
    words += [f"in `{example.file}`"] if example.files else []
    return ", ".join(words + [f"`{name}`: {value}" for name, value in given.items() if value])


def _never(one: ForbiddenAccess) -> str:
    """Return what must not be possible, as a configuration has it."""
    lists = {
        "actions": one.actions,
        "resources": one.resources if one.resources != ("*",) else (),
        "principals": one.principals if one.principals != ("*",) else (),
        "except": one.besides,
    }
    said = [f"{name} = {json.dumps(values)}" for name, values in lists.items() if values]
    said += [f"unless = {json.dumps(dict(one.unless))}"] if one.unless else []
    return ", ".join([*said, *(["together = true"] if one.together else [])])


def _given(value: object) -> str:
    """Return an option as a configuration has it; of a list, its members."""
    return ", ".join(value) if isinstance(value, tuple) else json.dumps(value)


def _language(file: str) -> str:
    ending = file.rpartition(".")[2]
    return {"yml": "yaml"}.get(ending, ending)


def _text(file: str, text: str) -> str:
    mark = _COMMENTS.get(_language(file), "// ") + _SHOWN_MARK
    return dedent(text).strip().replace(MARK, mark)


def _example(example: Example) -> dict[str, object]:
    files = {file: _text(file, text) for file, text in example.files.items()}
    return {
        "reason": example.reason,
        "kind": example.kind,
        "file": example.file,
        "text": _text(example.file, example.text),
        **({"files": files} if files else {}),
    }


def _ignoring(rule: Rule) -> Iterator[Block]:
    if rule.scope is Scope.RUN:
        yield "This rule has no single place to ignore; switch it off in `iamlint.toml`:"
        yield Code("toml", f'ignore = ["{rule.name}"]')
        return
    start, end = f'[[ignore-finding]]\nrule = "{rule.name}"', 'reason = "why this is safe here"'
    if rule.subjects:
        yield "In `iamlint.toml`, for one file:"
        yield Code("toml", f'{start}\nfile = "account/report.csv"\n{end}')
    else:
        yield "In `iamlint.toml`, for one file or, with `sid`, for one statement of it:"
        yield Code("toml", f'{start}\nfile = "policies/deployer.json"\nsid = "Deploy"\n{end}')
    yield "Or by a comment on the line or above it, if the language has comments:"
    yield Code("yaml", f"# iamlint: ignore[{rule.name}] why this is safe here")
    yield "Or by the `Metadata` of a resource in a template of CloudFormation:"
    yield Code("yaml", _METADATA.format(rule.name))


def _setting_up(rule: Rule, options: type) -> Iterator[Block]:
    about = (options.__doc__ or "").strip()
    if not about.startswith(f"{options.__name__}("):  # what `dataclass` makes up
        yield about
    given = "\n".join(f"{name} = {_toml(value)}" for name, value in _options(rule).items())
    yield Code("toml", f"[rules.{rule.name}]\n{given}")


def _benchmarks(controls: Controls) -> Iterator[str]:
    """Yield a line for each benchmark with a control that asks for the same."""
    benchmarks = {
        "CIS AWS Foundations Benchmark 3.0 and 4.0": controls.cis,
        "CIS AWS Foundations Benchmark 5.0": controls.cis_5,
        "CIS AWS Foundations Benchmark 6.0": controls.cis_6,
        "CIS AWS Foundations Benchmark 7.0": controls.cis_7,
        "AWS Foundational Security Best Practices": controls.fsbp,
        "other controls of AWS Security Hub": controls.security_hub,
    }
    for benchmark, numbers in benchmarks.items():
        if numbers:
            yield f"- {benchmark}: {', '.join(numbers)}"


def _options(rule: Rule) -> dict[str, object]:
    """Return the names of the rule's own settings and their defaults."""
    if rule.options is None:
        return {}
    return {
        option.name.replace("_", "-"): None
        if option.default is dataclasses.MISSING
        else option.default
        for option in dataclasses.fields(rule.options)
    }


def _toml(value: object) -> str:
    return "…" if value is None else json.dumps(value)


def _belongs(before: Block, block: Block) -> bool:
    """Return whether code is right under the words that introduce it."""
    return isinstance(before, str) and isinstance(block, Code)
