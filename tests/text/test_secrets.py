"""Keys in texts: the published shapes are found by name, and nothing that only looks alike."""

from __future__ import annotations

import hashlib
import json
import textwrap
from base64 import b64encode
from random import Random
from typing import TYPE_CHECKING

import pytest

from iamlint.text.secrets import SecretKind, account_of_key, find_secrets
from iamlint.text.span import Lines
from tests.support.keys import bedrock_key, key_id, secret_key, session_token, smtp_password

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 20_000
EACH = 4_000
SEED = Random(1)  # noqa: S311 - the same keys in each run
ID = key_id(SEED)
SECRET = secret_key(SEED)
TOKEN = session_token(SEED)
ENVIRONMENT = f"AWS_ACCESS_KEY_ID={ID}\nAWS_SECRET_ACCESS_KEY={SECRET}\nAWS_SESSION_TOKEN={TOKEN}\n"
DECLARED = "First:\n  Type: String\n  Default: hunter2x\n"
SCRIPT = "#!/bin/bash\n" + textwrap.indent(ENVIRONMENT, "export ")


def values(text: str) -> list[str]:
    return [one.value for one in find_secrets(text)]


def kinds(text: str) -> list[SecretKind]:
    return [one.kind for one in find_secrets(text)]


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (key_id, ("aws_access_key_id", "AccessKeyId", "access_key")),
        (secret_key, ("aws_secret_access_key", "SecretAccessKey", "AWS_SECRET_ACCESS_KEY")),
        (session_token, ("aws_session_token", "SessionToken", "AWS_SESSION_TOKEN")),
        (bedrock_key, ("AWS_BEARER_TOKEN_BEDROCK", "bedrock_api_key", "api_key")),
        (smtp_password, ("ses_smtp_password_v4", "SmtpPassword", "SMTP_PASSWORD")),
    ],
    ids=["id", "secret", "token", "bedrock", "smtp"],
)
def test_every_random_key_is_found_under_its_usual_names(
    make: Callable[[Random], str], names: tuple[str, ...]
) -> None:
    random = Random(20)  # noqa: S311 - the same keys in each run
    ways = ("{n}={v}\n", '{n} = "{v}"\n', '{{"{n}": "{v}"}}\n', "{n}: {v}\n", "export {n}='{v}'\n")
    made = [(random.choice(ways), random.choice(names), make(random)) for _ in range(EACH)]

    lost = [name for way, name, value in made if values(way.format(n=name, v=value)) != [value]]

    assert lost == []


def alike(random: Random) -> str:
    """Return a text of the length of a key that is none: a hash, a path, a name."""
    words = ["Deploy", "access", "Role2", "prod", "Lambda", "service", "Queue", "East1", "Worker"]
    camel = "".join(random.choice(words).capitalize() for _ in range(12))
    path = "/".join(random.choice(words) for _ in range(14))
    digest = hashlib.sha256(random.randbytes(8))
    return random.choice(
        [
            hashlib.sha1(random.randbytes(8)).hexdigest(),  # noqa: S324 - as git does
            digest.hexdigest(),
            b64encode(digest.digest()).decode(),
            b64encode(hashlib.sha512(random.randbytes(8)).digest()).decode(),
            f"{random.getrandbits(128):032x}",
            camel[:40],
            path[:40],
            "/" + path[:60],
            "-".join(f"{random.getrandbits(16):04x}" for _ in range(8)),
            key_id(random, "AROA"),
        ]
    )


def test_hashes_digests_uuids_paths_and_identifiers_are_no_keys() -> None:
    random = Random(21)  # noqa: S311 - the same
    names = ["source_code_hash", "commit", "path", "name", "secret_access_key", "key"]
    texts = [
        f'access_key = "{ID}"\n{random.choice(names)} = "{alike(random)}"\n' for _ in range(MANY)
    ]

    assert [text for text in texts if values(text) != [ID]] == []


def test_digest_of_thirty_bytes_counts_only_as_the_value_of_a_key() -> None:
    digest = b64encode(bytes(range(100, 130))).decode()

    assert values(f'etag = "{digest}"\naccess_key = "AKIAIOSFODNN7EXAMPLE"\n') == []
    assert values(f'checksum = "{digest}"\naccess_key = "{ID}"\n') == [ID]
    assert values(f'secret_access_key = "{digest}"\n') == [digest]


@pytest.mark.parametrize(
    "text",
    [
        SCRIPT,
        f'user_data = "{b64encode(SCRIPT.encode()).decode()}"',
        "UserData: |\n"
        + textwrap.indent(textwrap.fill(b64encode(SCRIPT.encode()).decode(), 76), "  "),
        json.dumps({"UserData": SCRIPT}),
        json.dumps({"UserData": SCRIPT}).replace("/", "\\/"),
        json.dumps({"Body": json.dumps({"UserData": SCRIPT})}),
    ],
    ids=["script", "base64", "wrapped", "json", "escaped slashes", "json in json"],
)
def test_keys_of_user_data_are_found_at_their_places(text: str) -> None:
    found = find_secrets(text)

    assert [one.value for one in found] == [ID, SECRET, TOKEN]
    assert all(one.key_id == ID for one in found)
    assert [one.is_encoded for one in found] == [SCRIPT[:20] not in text and "bin" not in text] * 3
    if not found[0].is_encoded:
        shown = [text[one.start : one.end].replace("\\", "") for one in found]
        assert shown == [ID, SECRET, TOKEN]


@pytest.mark.parametrize(
    "text",
    [
        f'variable "aws_secret_access_key" {{\n  type    = string\n  default = "{SECRET}"\n}}',
        f"AwsSecretKey:\n  Type: String\n  NoEcho: true\n  Default: {SECRET}\n",
        f'[{{"name": "AWS_SECRET_ACCESS_KEY", "value": "{SECRET}"}}]',
        f'[{{"value": "{SECRET}", "name": "AWS_SECRET_ACCESS_KEY"}}]',
        f"- Name: AWS_SECRET_ACCESS_KEY\n  Value: {SECRET}\n",
        f"- Value: {SECRET}\n  Name: AWS_SECRET_ACCESS_KEY\n",
        f'environment {{\n  value = "{SECRET}"\n  name  = "AWS_SECRET_ACCESS_KEY"\n}}\n',
        f'"${{var.a}}/AWS_SECRET_ACCESS_KEY={SECRET}-${{var.b}}"',
        f'provider "aws" {{\n  region = "eu-west-1"\n  secret_key = "{SECRET}"\n}}',
        f"aws configure set aws_secret_access_key {SECRET}\n",
        f'name = "/prod/aws_secret_access_key"\n  type = "String"\n  value = "{SECRET}"\n',
    ],
)
def test_key_is_found_as_the_value_of_what_has_its_name(text: str) -> None:
    assert values(text) == [SECRET]


@pytest.mark.parametrize(
    "text",
    [
        "aws_secret_access_key = var.secret",
        "AWS_SECRET_ACCESS_KEY: !Ref SecretAccessKeyOfTheDeployUser0123456789Abc",
        "aws_secret_access_key: ${SecretAccessKeyOfTheDeployUser0123456789AbcX}",
        "aws_secret_access_key: {{SecretAccessKeyOfTheDeployUser0123456789AbcX}}",
        "aws_secret_access_key: <SecretAccessKeyOfTheDeployUser0123456789AbcXY>",
        "aws_secret_access_key: '{{resolve:secretsmanager:prod/A/IamKey0Some/LongNam1x3abcde:a}}'",
        "aws_secret_access_key = XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
        "access_key = AKIAXXXXXXXXXXXXXXXX",
        "access_key = AKIAIOSFODNN7EXAMPLE",
        "access_key = AKIAI44QH8DHBEXAMPLE\nsecret_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
        "secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        f"see LongWord{ID}Suffix and x{SECRET}/y, secret_access_key",
        f'secret_key = "{SECRET}"',  # of another service
    ],
)
def test_placeholder_example_or_part_of_a_word_is_no_key(text: str) -> None:
    assert values(text) == []


def test_empty_line_or_a_long_way_separates_an_id_from_a_key() -> None:
    far = "# note\n" * 80

    assert kinds(f"{ID}\nvalue {SECRET}\n")[1:] == [SecretKind.SECRET_KEY]
    assert kinds(f"{ID}\n\nvalue {SECRET}\n")[1:] == []
    assert kinds(f"{ID}\n{far}value {SECRET}\n")[1:] == []


@pytest.mark.parametrize(
    "escape",
    [
        lambda text: text.replace("+", "\\u002B"),
        lambda text: text.replace("/", "\\u002f").replace("+", "\\u002b"),
        lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    ],
    ids=["plus", "small letters", "all"],
)
def test_key_is_found_whose_letters_json_escapes(escape: Callable[[str], str]) -> None:
    random = Random(22)  # noqa: S311 - the same keys in each run
    for key in (secret_key(random) for _ in range(200)):
        text = f'{{"A": "AWS_SECRET_ACCESS_KEY={escape(key)}\\n"}}'
        (found,) = find_secrets(text)

        assert (found.value, text[found.start : found.end]) == (key, escape(key))


def test_keys_are_found_in_json_whose_quotes_are_escaped() -> None:
    inner = json.dumps({"AccessKeyId": ID, "SecretAccessKey": SECRET})
    text = json.dumps({"Body": inner}).replace('\\"', "\\u0022")

    assert "\\u0022" in text
    assert values(text) == [ID, SECRET]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LoginProfile:\n  Password: hunter2x\n", ["hunter2x"]),
        ('DbPassword:\n  Type: String\n  Default: "s3cr3t & more"\n', ["s3cr3t & more"]),
        ('variable "db_password" {\n  default = "hunter2x"\n}\n', ["hunter2x"]),
        ("- Name: DB_PASSWORD\n  Value: hunter2x\n", ["hunter2x"]),
        (json.dumps({"x": json.dumps({"password": "hunter2x"})}), ["hunter2x"]),
        ("export DB_PASSWORD=hunter2x\n", ["hunter2x"]),
        ("Password: !Ref DbPassword\n", []),
        (f"Password: !Ref First\n{DECLARED}", ["hunter2x"]),
        (f"{DECLARED}Password:\n  Ref: 'First'\n", ["hunter2x"]),
        (json.dumps([{"Password": {"Ref": "A"}}, {"A": {"Default": "hunter2x"}}]), ["hunter2x"]),
        (f"Password: !Ref Firs\nLogin: !Ref First\n{DECLARED}", []),
        ("password = var.db_password\n", []),
        ('master_password = "${random_password.db.result}"\n', []),
        ('MasterUserPassword: "{{resolve:secretsmanager:db:SecretString:password}}"\n', []),
        ('{"AllowUsersToChangePassword": true, "Action": "iam:ChangePassword"}', []),
        ('{"Sid": "AllowChangePassword", "Password": {"Ref": "DbPassword"}}', []),
        ("password_reuse_prevention = 24\n", []),
    ],
)
def test_password_is_a_literal_under_its_name(text: str, expected: list[str]) -> None:
    assert values(text) == expected


def test_id_tells_its_account_unless_it_is_old() -> None:
    assert account_of_key("ASIAQNZGKIQY56JQ7WML") == "029608264753"
    assert account_of_key("AKIAIOSFODNN7ABCDEFG") is None


def test_masked_line_shows_one_sign_and_places_stay_under_it() -> None:
    lines = Lines(f'a = "{ID}"  # {ID[:3]}\nkey = "{SECRET}", end')

    masked = lines.masked(2)

    assert lines.masked(1).text == f'a = "AKIA…{ID[-4:]}"  # AKI'
    assert masked.text == 'key = "…", end'
    assert masked.part(7, 47) == (7, 8)
    assert masked.part(6, 48) == (6, 9)
    assert masked.part(20, 30) == (7, 8)
    assert masked.part(50, 53) == (11, 14)
