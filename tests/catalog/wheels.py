"""Small wheels in the form of the published ones, about a shelf of books."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NAMES = "cdk_iam_floyd-0.9.0-py3-none-any.whl"

_SCRIPT = """
class Shelf extends shared_1.PolicyStatement {
    constructor(props) {
        super(props);
        this.servicePrefix = 'shelf';
        this.accessLevelList = {
            'Permissions management': [
                'PutBookPolicy'
            ],
            Write: [
                'LendBook',
                'MoveBook',
                'PutBookPolicy'
            ],
            Read: [
                'GetBook'
            ]
        };
    }
    toGetBook() {
        return this.to('GetBook');
    }
    toLendBook() {
        return this.to('LendBook');
    }
    toMoveBook() {
        return this.to('MoveBook');
    }
    toPutBookPolicy() {
        return this.to('PutBookPolicy');
    }
    onBook(bookId, account, region, partition) {
        if (typeof bookId !== 'string') {
            return this.on(bookId.bookRef.bookArn);
        }
        return this.on(`SHELF:book/${bookId}`);
    }
    onLoan(loanId, account, region, partition) {
        return this.on(`SHELF:loan/${loanId}`);
    }
    ifAwsTagKeys(value, operator) {
        return this.if(`aws:TagKeys`, value, operator ?? 'ForAnyValue:StringLike');
    }
    ifDays(value, operator) {
        return this.if(`Days`, value, operator ?? 'NumericEquals');
    }
    ifLabel(label, value, operator) {
        return this.if(`Label/${label}`, value, operator ?? 'NumericEquals');
    }
    ifLabelCut(value, operator) {
        return this.if(`Label`, value, operator ?? 'StringLike');
    }
    ifReaderOf(value) {
        return this.if(`reader.\\${Domain}.example:urgent`, (value ? value : true), 'Bool');
    }
}
"""
_SHELF = "arn:${partition ?? this.p}:shelf:${region ?? this.r}:${account ?? this.a}"
_NEW_SCRIPT = """
class Lamp extends shared_1.PolicyStatement {
    constructor(props) {
        super(props);
        this.servicePrefix = 'lamp';
        this.accessLevelList = {
            Write: [
                'SwitchOn'
            ]
        };
    }
    toSwitchOn() {
        return this.to('SwitchOn');
    }
}
"""
_DOCSTRINGS = """
class Lamp(
    _base.PolicyStatement,
):
    @jsii.member(jsii_name="toSwitchOn")
    def to_switch_on(self) -> "Lamp":
        '''Grants permission to switch on

        Access Level: Write
        '''
        return 1


class Shelf(
    _base.PolicyStatement,
):
    @jsii.member(jsii_name="ifDays")
    def if_days(
        self,
        value: builtins.str,
    ) -> "Shelf":
        '''Filters access by the days

        Applies to actions:

        - .toLendBook()
        - .toMoveBook()

        :param value: The value(s) to check.
        '''
        return 1

    @jsii.member(jsii_name="onBook")
    def on_book(self, book_id: builtins.str) -> "Shelf":
        '''Adds a resource of type book to the statement.

        :param book_id: Identifier for the bookId.
        '''
        return 1

    @jsii.member(jsii_name="onLoan")
    def on_loan(self, loan_id: builtins.str) -> "Shelf":
        '''Adds a resource of type Loan Slip to the statement.

        Possible conditions:

        - .ifDays()

        :param loan_id: Identifier for the loanId.
        '''
        return 1

    @jsii.member(jsii_name="toLendBook")
    def to_lend_book(self) -> "Shelf":
        '''Grants permission to lend a book

        Access Level: Write

        Possible conditions:

        - .ifAwsTagKeys()
        - .ifLabel()

        https://example.com/
        '''
        return 1
"""


def write_names(folder: Path) -> Path:
    """Write a wheel of `cdk-iam-floyd`, made on 2026-10-26."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as files:
        for name, text in (
            ("shelf", _SCRIPT.replace("SHELF", _SHELF)),
            ("lamp", _NEW_SCRIPT),
            ("index", "no class"),
        ):
            data = text.encode()
            entry = tarfile.TarInfo(f"package/lib/generated/policy-statements/{name}.js")
            entry.size = len(data)
            files.addfile(entry, io.BytesIO(data))
    return _write(
        folder / NAMES,
        (2026, 10, 26, 12, 0, 0),
        {
            "cdk_iam_floyd/_jsii/cdk-iam-floyd@0.9.0.jsii.tgz": packed.getvalue(),
            "cdk_iam_floyd/Statement/__init__.py": _DOCSTRINGS.encode(),
            "cdk_iam_floyd-0.9.0.dist-info/METADATA": b"Name: cdk-iam-floyd\nVersion: 0.9.0\n",
        },
    )


def write_operations(
    folder: Path, version: str, models: Mapping[tuple[str, str], Sequence[str]]
) -> Path:
    """Write a wheel of `botocore` with these operations, by API and signing name."""
    files = {
        f"botocore/data/{api}/2020-01-01/service-2.json": json.dumps(
            {
                "metadata": {"endpointPrefix": signing},
                "operations": {name: {"name": name} for name in operations},
            }
        ).encode()
        for (api, signing), operations in models.items()
    }
    files[f"botocore-{version}.dist-info/METADATA"] = (
        f"Name: botocore\nVersion: {version}\n".encode()
    )
    return _write(folder / f"botocore-{version}.whl", (2026, 11, 20, 12, 0, 0), files)


def _write(
    path: Path, made: tuple[int, int, int, int, int, int], files: Mapping[str, bytes]
) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, made), data)
    return path
