"""What a part found, for the process, the machine or the night that puts the parts together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace

if TYPE_CHECKING:
    from iamlint.linter.part import PartResult
    from iamlint.linter.part_lines import Start

# Lines are made and read by `part_lines`, which is imported for runs of several parts only.


class WrittenPart:
    """The result of a part, as it was made or as lines; each becomes the other when asked for."""

    def __init__(
        self, made: PartResult | None = None, lines: tuple[bytes, bytes] | None = None
    ) -> None:
        self._made = made
        if lines is not None:
            self.lines = lines

    @classmethod
    def read(cls, facts: bytes, findings: bytes) -> WrittenPart:
        """Return the part that two lines hold; raise `NotPlainError` for others."""
        part = cls(lines=(facts, findings))
        part.start  # noqa: B018 - reads both
        return part

    @cached_property
    def lines(self) -> tuple[bytes, bytes]:
        """The facts and the findings, each a line of JSON without its end."""
        from iamlint.linter.part_lines import lines_of  # noqa: PLC0415 - see above

        return lines_of(self.result)

    @property
    def facts(self) -> PartResult:
        """The result without its findings."""
        return self._read[1] if self._made is None else replace(self._made, findings=())

    @property
    def result(self) -> PartResult:
        """The whole result."""
        if self._made is not None:
            return self._made
        from iamlint.linter.part_lines import findings_of  # noqa: PLC0415 - see above

        return replace(self.facts, findings=tuple(findings_of(self.lines[1])))

    @property
    def start(self) -> Start | None:
        """Where the first finding is."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[Start | None, PartResult]:
        from iamlint.linter.part_lines import read_lines  # noqa: PLC0415 - see above

        return read_lines(*self.lines)
