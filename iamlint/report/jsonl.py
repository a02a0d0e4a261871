"""The same findings as JSON, one object a line, then one line with the summary."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iamlint.report import json as whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.report.formats import Output
    from iamlint.rule.run import Run


def report(run: Run, output: Output) -> Iterator[str]:
    urls = whole.page_urls(run)
    for f in whole.list_findings(run, output):
        yield json.dumps(whole.finding(f, urls)) + "\n"
    last = {
        "version": 1,
        "tool": whole.tool(run),
        "not_analysed": [whole.not_analysed(n) for n in run.not_analysed],
        **whole.switched_off(run),
        "summary": whole.summary(run, output),
    }
    yield json.dumps(last) + "\n"
