"""Changes inputs in the words of their own languages, where bytes at random would get nowhere.

JSON is changed as a tree: values and names are swapped, dropped, doubled and put inside others. Any
text is changed by its words, its brackets and its lines, which is enough for YAML, HCL and TOML.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.archive import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from random import Random

_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\\n])*"|[A-Za-z_][\w:.-]*|\d+|[ \t]+|\n|.')
_WORD: Final = re.compile(r'"(?:\\.|[^"\\\n]){1,60}"|[A-Za-z_][\w:.-]{1,40}')
_PAIRS: Final = {"{": "}", "[": "]", "(": ")"}
_MANY: Final = (1, 1, 1, 1, 2, 2, 3, 20, 200)
_MOST_WORDS: Final = 4000
ODD_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1.5, 1e400, 10**30, "", "*", "?", ":", "${", "${a}", "\ud800"),
    *("\0", "\u2028", "%s", "AWS::IAM::Role", "arn:aws:iam::111122223333:role/x", "{}", "[1]"),
    *([], {}, [[]], [None], [{}], {"a": {"b": [1]}}, {"Ref": "X"}, {"Ref": ["X"]}, {"Ref": {}}),
    *({"Fn::GetAtt": []}, {"Fn::GetAtt": "A.B.C"}, {"Fn::If": []}, {"Fn::If": ["C", 1, 2]}),
    *({"Fn::Sub": ["${a}", {"a": []}]}, {"Fn::ImportValue": {"Ref": "X"}}, {"Fn::Join": ["", 1]}),
    *({"Fn::Transform": 1}, {"Fn::ForEach::X": ["a", ["b"], {"${a}": 1}]}, {"Fn::Select": [9, []]}),
    *({"Fn::FindInMap": ["a", "b", "c"]}, {"Fn::Split": [",", "a,b"]}, {"Ref": "AWS::NoValue"}),
)
ODD_WORDS: Final = (
    *("null", "true", "1", '""', "[]", "{}", "[null]", "var.x[*].y", "each.value.x", "self.x"),
    *("1/0", "data.a.b.c", "module.m.x", "[for a in var.x : a]", "{for k, v in var.x : k => v...}"),
    *(
        "merge(null)",
        "jsonencode()",
        "element([], 0)",
        'file("a\\ud800.json")',
        '"\\u0000"',
        '"${"',
    ),
    *("<<E\nE\n", "!Ref X", "!Sub '${a}'", "!GetAtt A.B", "&a", "*a", "<<: *a", "!x", "? ", "- "),
    *("#", "//", "/*", "*/", "# iamlint: ignore[all] x", "${", "%{ if a }", "%{ endif }", "\t"),
    *("dynamic", "for_each", "count", "\ufeff", "\u0085", "\\", "'", "|", ">-", "---", "...", "=>"),
)


@dataclass(frozen=True, slots=True)
class Mutator:
    """Changes inputs; `words` are those of the seeds."""

    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, seeds: Iterable[bytes]) -> Mutator:
        """Take the words of seeds; those of names and types lead into code that others miss."""
        found: dict[str, None] = {}
        for seed in seeds:
            found |= dict.fromkeys(_WORD.findall(seed.decode("utf-8", "replace")))
        return cls(tuple(sorted(found, key=_order))[:_MOST_WORDS])

    def mutate(self, data: bytes, random: Random) -> bytes:
        """Return an input that differs in one file, or in the name of one."""
        files = unpack(data)
        if not files:
            return data
        for _ in range(random.choice((1, 1, 1, 2, 4))):
            name = random.choice(sorted(files))
            if random.random() < 0.02:
                files[self._word(random).strip('"')] = files.pop(name)
                continue
            files[name] = self._changed(files[name], random)
        return pack(files)

    def cross(self, one: bytes, other: bytes, random: Random) -> bytes:
        """Return an input with something of another: a file, or a subtree."""
        files, others = unpack(one), unpack(other)
        if not files or not others:
            return one
        name, lent = random.choice(sorted(files)), random.choice(sorted(others))
        if random.random() < 0.2:
            return pack({**files, lent: others[lent]})
        mine, theirs = _parsed(files[name]), _parsed(others[lent])
        if mine and theirs and isinstance(mine, dict | list) and isinstance(theirs, dict | list):
            part = random.choice(list(_places(theirs)))
            _put(random.choice(list(_places(mine))), _at(part))
            return pack({**files, name: _written(mine)})
        return pack({**files, name: _spliced(files[name], others[lent], random)})

    def _changed(self, body: bytes, random: Random) -> bytes:
        value = _parsed(body)
        if isinstance(value, dict | list) and value and random.random() < 0.8:
            self._change_tree(value, random)
            return _written(value)
        text = body.decode("utf-8", "surrogateescape")
        changed = random.choice(_WAYS)(self, text, random)
        return _encoded(changed)

    def _change_tree(self, value: Any, random: Random) -> None:
        places = list(_places(value))
        place = random.choice(places)
        holder, step = place
        way = random.randrange(8)
        if way == 0:
            _put(place, random.choice(ODD_VALUES))
        elif way == 1:
            _put(place, _copied(_at(random.choice(places))))
        elif way == 2 and isinstance(holder, dict):
            name = self._word(random).strip('"')
            items = [(name if key == step else key, item) for key, item in holder.items()]
            holder.clear()
            holder.update(items)
        elif way == 3:
            del holder[step]
        elif way == 4 and isinstance(holder, list):
            holder[step:step] = [holder[step]] * random.choice(_MANY)
        elif way == 5:
            _put(place, random.choice((list, _lone, _stringified))([_at(place)]))
        elif way == 6 and isinstance(holder, dict):
            holder[self._word(random).strip('"')] = _copied(_at(random.choice(places)))
        else:
            found = _at(place)
            text = found if isinstance(found, str) else self._word(random).strip('"')
            _put(place, random.choice(_WAYS)(self, text, random) if random.random() < 0.5 else text)

    def _word(self, random: Random) -> str:
        if self.words and random.random() < 0.8:
            return random.choice(self.words)
        return random.choice(ODD_WORDS)

    def replace_word(self, text: str, random: Random) -> str:
        token = _some_token(text, random)
        by = "" if random.random() < 0.2 else self._word(random)
        return text[: token[0]] + by + text[token[1] :]

    def insert_word(self, text: str, random: Random) -> str:
        at = _some_token(text, random)[0]
        return text[:at] + self._word(random) + text[at:]

    def swap_words(self, text: str, random: Random) -> str:
        first, second = sorted((_some_token(text, random), _some_token(text, random)))
        return _swapped(text, first, second)

    def repeat_word(self, text: str, random: Random) -> str:
        start, end = _some_token(text, random)
        return text[:end] + text[start:end] * random.choice(_MANY) + text[end:]

    def change_group(self, text: str, random: Random) -> str:
        """Drop, double, swap or wrap something in brackets."""
        groups = list(_groups(text))
        if not groups:
            return self.replace_word(text, random)
        start, end = random.choice(groups)
        group = text[start:end]
        way = random.randrange(5)
        if way == 0:
            return text[:start] + self._word(random) + text[end:]
        if way == 1:
            return text[:end] + f",{group}" * random.choice(_MANY) + text[end:]
        if way == 2:
            return text[:start] + f"[{group}]" + text[end:]
        if way == 3:
            other = random.choice(groups)
            return text[:start] + text[other[0] : other[1]] + text[end:]
        return text[:start] + group[1:-1] + text[end:]

    def change_line(self, text: str, random: Random) -> str:
        """Drop, double, move, indent or unindent a line."""
        lines = text.split("\n")
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        way = random.randrange(6)
        if way == 0:
            del lines[at]
        elif way == 1:
            lines[at:at] = [lines[at]] * random.choice(_MANY)
        elif way == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif way == 3:
            lines[at] = "  " + lines[at]
        elif way == 4:
            lines[at] = lines[at][1:]
        else:
            lines[min(at, other) : max(at, other)] = []
        return "\n".join(lines)

    def change_character(self, text: str, random: Random) -> str:
        at = random.randrange(len(text) + 1)
        by = random.choice("\"'\\{}[]()<>$%*?:/,.=#-+_ \n\r\t\0\u2028\ufeff\udc80aZ0")
        return text[:at] + by + text[at + random.randrange(2) :]


_WAYS: Final[tuple[Callable[[Mutator, str, Random], str], ...]] = (
    Mutator.replace_word,
    Mutator.replace_word,
    Mutator.insert_word,
    Mutator.swap_words,
    Mutator.repeat_word,
    Mutator.change_group,
    Mutator.change_line,
    Mutator.change_character,
)


def _order(word: str) -> int:
    """Return a number that is the same in each run, so that words of all kinds are taken."""
    return zlib.crc32(word.encode("utf-8", "replace"))


def _some_token(text: str, random: Random) -> tuple[int, int]:
    """Return the word or mark at a place."""
    if not text:
        return 0, 0
    at = random.randrange(len(text))
    start = text.rfind("\n", 0, at) + 1
    last = (start, start)
    for token in _TOKEN.finditer(text, start):
        last = token.span()
        if token.end() > at:
            break
    return last


def _groups(text: str) -> Iterator[tuple[int, int]]:
    opened: list[tuple[str, int]] = []
    for at, letter in enumerate(text):
        if letter in _PAIRS:
            opened.append((letter, at))
        elif opened and letter == _PAIRS[opened[-1][0]]:
            yield opened.pop()[1], at + 1


def _swapped(text: str, first: tuple[int, int], second: tuple[int, int]) -> str:
    if first[1] > second[0]:
        return text
    one, other = text[slice(*first)], text[slice(*second)]
    return text[: first[0]] + other + text[first[1] : second[0]] + one + text[second[1] :]


def _spliced(one: bytes, other: bytes, random: Random) -> bytes:
    mine, theirs = one.split(b"\n"), other.split(b"\n")
    at, start = random.randrange(len(mine) + 1), random.randrange(len(theirs))
    end = random.randint(start, len(theirs))
    return b"\n".join([*mine[:at], *theirs[start:end], *mine[at:]])


def _encoded(text: str) -> bytes:
    """Return the bytes of a text that was decoded; other surrogates become bytes of no text."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _parsed(body: bytes) -> Any:
    if body[:1] not in (b"{", b"["):
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _written(value: Any) -> bytes:
    return json.dumps(value).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place of a tree: what holds it, and the step from there."""
    todo = [value]
    while todo:
        holder = todo.pop()
        steps = list(holder) if isinstance(holder, dict) else range(len(holder))
        for step in steps:
            yield holder, step
            if isinstance(holder[step], dict | list):
                todo.append(holder[step])


def _at(place: tuple[Any, Any]) -> Any:
    return place[0][place[1]]


def _put(place: tuple[Any, Any], value: Any) -> None:
    place[0][place[1]] = value


def _copied(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _lone(values: list[Any]) -> Any:
    return {"a": values[0]}


def _stringified(values: list[Any]) -> Any:
    return json.dumps(values[0])
