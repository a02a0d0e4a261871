"""Takes plain values apart: objects, strings, lists of strings; notes what has a wrong type."""

from __future__ import annotations

from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.at import At
from iamlint.policy.model import Entry
from iamlint.policy.placeholder import have_no_placeholder, with_unknowns
from iamlint.policy.problem import GrammarFault, Problem
from iamlint.text.source import Partial, Tagged, Unknown, Value, type_name


@dataclass(slots=True)
class ProblemCollector:
    """The problems found so far, in `file` if it is known."""

    file: str | None = None
    problems: list[Problem] = field(default_factory=list)

    def report(
        self,
        fault: GrammarFault,
        at: At,
        message: str,
        *,
        help: str | None = None,  # noqa: A002 - the word users read
        may_pass: bool = False,
    ) -> None:
        self.problems.append(Problem(fault, at, message, help, may_pass))

    def wrong_type(self, value: Value, at: At, what: str, wanted: str) -> None:
        fault = f"{what} is {type_name(value)} but must be {wanted}"
        self.report(GrammarFault.WRONG_TYPE, at, f"{fault}, so AWS rejects the policy")

    def object(self, value: Value, at: At, what: str) -> dict[str, Value] | None:
        if isinstance(value, dict):
            return value
        if not is_unknown(value):
            self.wrong_type(value, at, what, "an object")
        return None

    def string(self, value: Value, at: At, what: str) -> Entry | None:
        if isinstance(value, str) or is_unknown(value):
            return Entry(self.text(value), at)
        self.wrong_type(value, at, what, "a string")
        return None

    def strings(self, value: Value, at: At, what: str) -> list[Entry]:
        """Return the strings of a scalar or a list."""
        if isinstance(value, str):
            return [Entry(with_unknowns(value, self.file), at)]
        if not isinstance(value, list):
            if is_unknown(value):
                return [Entry(self.text(value), at)]
            self.wrong_type(value, at, what, "a string or a list of strings")
            return []
        above, file, found = at.pointer, self.file, []
        if have_no_placeholder(value):
            return [Entry(item, At((*above, index))) for index, item in enumerate(value)]
        for index, item in enumerate(value):
            here = At((*above, index))
            if isinstance(item, str):
                found.append(Entry(with_unknowns(item, file), here))
            elif entry := self.string(item, here, f"an entry of {what}"):
                found.append(entry)
        return found

    def text(self, value: Value) -> str | Partial | Unknown:
        """Return a string as far as it is known."""
        if isinstance(value, str | Partial):
            return with_unknowns(value, self.file)
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Tagged):
            inner = value.value
            return Unknown(f"{value.tag} {inner}" if isinstance(inner, str) else value.tag)
        return Unknown("")


def is_unknown(value: Value) -> bool:
    return isinstance(value, Unknown | Partial | Tagged)
