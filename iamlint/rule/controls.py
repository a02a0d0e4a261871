"""The controls of benchmarks."""

from __future__ import annotations

from iamlint.fast_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Controls:
    """The controls of benchmarks that ask for what a rule checks, by their numbers.

    `cis` are those of the CIS AWS Foundations Benchmark 3.0 and 4.0, `cis_7` those of 7.0, `fsbp`
    those of AWS's Foundational Security Best Practices, `security_hub` those that AWS Security Hub
    has for other benchmarks only.
    https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
    """

    cis: tuple[str, ...] = ()
    cis_7: tuple[str, ...] = ()
    fsbp: tuple[str, ...] = ()
    security_hub: tuple[str, ...] = ()

    @property
    def cis_5(self) -> tuple[str, ...]:
        """The numbers of CIS 5.0, which dropped 1.3."""
        return tuple(f"1.{int(number[2:]) - 1}" for number in self.cis)

    @property
    def cis_6(self) -> tuple[str, ...]:
        """The numbers of CIS 6.0: those of 5.0 in section 2."""
        return tuple(f"2.{number[2:]}" for number in self.cis_5)
