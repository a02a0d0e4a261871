"""The comment on a pull request: what it says, that it fits, and that no text becomes markup."""

from __future__ import annotations

import re

from iamlint.fast_dataclass import replace
from iamlint.graph.answer import Reaching
from iamlint.report.graph.formats import GRAPH_FORMATS
from tests.report.graph.graphs import (
    ACCESS,
    ALL,
    CHANGE,
    EDGES,
    EMPTY,
    GRAPH,
    NODES,
    OUTPUT,
    answer,
    hostile,
)

report = GRAPH_FORMATS["markdown"]
MARKDOWN = r"""
### iamlint graph

**3 yes, 2 conditional, 2 unknown, 2 no; 1 administrator of 10 principals; 1 place not analysed**

| who | becomes | by which steps | if | where |
|---|---|---|---|---|
| arn:aws:iam::111122223333:oidc-provider/token.example.com | admin | also assumes role/writer with a token<br>assumes role/ci with a token<br>runs code as role/etl in aws&#95;lambda&#95;function.etl<br>rewrites the policies of role/etl as role/writer | token.example.com:sub is repo:a/b and aws:PrincipalTag/team is ops or dev | `iam.json:5` |
| arn:aws:iam::111122223333:saml-provider/corp | admin | assumes user/dana with a SAML assertion<br>makes credentials of user/eve<br>joins group/admins<br>rewrites its own policies | aws:SourceVpce is absent and MFA | `iam.json:5` |
| arn:aws:iam::444455556666:root | admin | rewrites the trust policy of role/builder<br>makes a principal with any policy |  | `iam.json:4` |
| user/chris | admin | assumes role/deploy<br>passes role/debug (admin) to a service |  | `iam.json:5`<br>`trust.json:5`<br>`iam.json:4`<br>`deploy.json:2`<br>`arn:aws:iam::aws:policy/IAMFullAccess` |

- unknown whether var.deployer&#95;arn can become admin, because `${var.deployer_arn}` is not known; give `--var deployer_arn=VALUE`
- unknown whether role/tagger can become admin; it depends on `sts-assume-root`

<details><summary>Other chains (1)</summary>

| who | becomes | by which steps | if | where |
|---|---|---|---|---|
| user/chris | admin | assumes role/deploy<br>assumes role/debug (admin) |  | `iam.json:5`<br>`trust.json:5` |

</details>

<details><summary>Ways that are not open (3)</summary>

- dormant: lambda-create-invoke: nothing has it (`iam.json:4`)
- latent: role/reader, lambda-update-code: no function has a role
- guarded: user/zoe, iam-put-user-policy: denied by an SCP (`trust.json:5`)

</details>

<details><summary>What is taken for granted (2)</summary>

- no SCP limits the account
- Lambda is allowed in the account

</details>

<details><summary>What is not analysed (1)</summary>

- `a\nb.yaml`: `Resources.0`: too deep

</details>
""".lstrip()  # noqa: E501 - as it is printed
CHANGED = r"""
### iamlint graph

**4 new and 2 gone since main; 3 yes, 2 conditional, 2 unknown, 2 no; 1 administrator of 10 principals; 1 place not analysed**

| who | becomes | by which steps | if | where |
|---|---|---|---|---|
| arn:aws:iam::111122223333:oidc-provider/token.example.com (new) | admin | also assumes role/writer with a token<br>assumes role/ci with a token<br>runs code as role/etl in aws&#95;lambda&#95;function.etl<br>rewrites the policies of role/etl as role/writer | token.example.com:sub is repo:a/b and aws:PrincipalTag/team is ops or dev | `iam.json:5` |
| arn:aws:iam::444455556666:root (was unknown) | admin | rewrites the trust policy of role/builder<br>makes a principal with any policy |  | `iam.json:4` |

- unknown whether var.deployer&#95;arn can become admin, because `${var.deployer_arn}` is not known; give `--var deployer_arn=VALUE`
- unknown whether role/tagger can become admin; it depends on `sts-assume-root`

<details><summary>What is gone (2)</summary>

| who | becomes | was | is now |
|---|---|---|---|
| arn:aws:iam::111122223333:saml-provider/corp | admin | yes | conditional |
| role/old | admin | conditional | no |

</details>

<details><summary>What is taken for granted (1)</summary>

- no SCP limits the account

</details>

<details><summary>What is not analysed (1)</summary>

- `a\nb.yaml`: `Resources.0`: too deep

</details>
""".lstrip()  # noqa: E501 - as it is printed


def test_comment_has_a_headline_a_table_and_folds_the_rest() -> None:
    assert report(GRAPH, OUTPUT) == MARKDOWN


def test_comment_on_a_change_has_what_is_new_and_what_is_gone() -> None:
    assert report(CHANGE, OUTPUT) == CHANGED


def test_steps_of_unknown_chains_are_shown_on_demand() -> None:
    row = "| var.deployer&#95;arn | admin | assumes role/debug (admin) | unknown | `trust.json:5` |"

    assert row in report(GRAPH, ALL)
    assert row not in report(GRAPH, OUTPUT)


def test_access_to_a_resource_has_its_own_head() -> None:
    assert "| who | gets | by which steps | if | where |" in report(ACCESS, OUTPUT)


def test_long_comment_fits_and_counts_what_is_left_out() -> None:
    starts = [answer(f"role/r{i}", Reaching.YES, "e01", "e02") for i in range(2000)]
    others = [answer(f"role/u{i}", Reaching.UNKNOWN, unknown=("var.a",)) for i in range(2000)]
    found = replace(EMPTY, answers=(*starts, *others), edges=EDGES, nodes=NODES)

    shown = report(found, OUTPUT)

    assert len(shown) <= 65_536
    rows = shown.count("| role/r")
    assert rows > 50
    assert f"{2000 - rows} more chains left out." in shown
    assert re.search(r"\n\d+ more unknown answers left out\.", shown)


def test_hostile_texts_are_no_markup() -> None:
    shown = report(hostile(), OUTPUT)

    assert "<script" not in re.sub(r"`[^`\n]*`", "", shown)
    assert not re.search(r"\]\(", shown)
    assert "@team" not in re.sub(r"`[^`\n]*`", "", shown)
    rows = [line for line in shown.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6}
