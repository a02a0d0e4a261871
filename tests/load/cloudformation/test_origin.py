"""Places of resolved policies."""

from __future__ import annotations

from iamlint.load.cloudformation.intrinsics import conditions_in
from iamlint.load.cloudformation.readings import Spot, readings
from iamlint.load.cloudformation.template import Template
from iamlint.text import Dialect, Source, read_text

TEXT = """\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - !If [Gone, {Effect: Deny, Action: "*"}, !Ref AWS::NoValue]
          - !If
            - Gone
            - !Ref AWS::NoValue
            - - {Effect: Allow, Action: !Split [",", "a:b,a:c"], Resource: !Sub "arn:${X}"}
              - {Effect: Allow, Action: "d:*", Resource: "*"}
"""
AT = ("Resources", "P", "Properties", "PolicyDocument")


def resolved(*, holds: bool) -> Source:
    source = read_text(TEXT, Dialect.YAML)
    value = source.value_at(AT)
    assert conditions_in(value) == ["Gone"]
    spot = Spot(AT, value, {"Gone": holds})
    (one,) = readings(Template(source, (), {}, path="t.yaml"), spot)
    return one.source


def test_a_single_place_is_the_one_among_all_places() -> None:
    for holds in (True, False):
        every = dict(resolved(holds=holds).places)
        for known, place in every.items():
            assert resolved(holds=holds).place(known) == place
            assert resolved(holds=holds).locate(known, key=True) == (place.key or place.value)
        beyond = ("Statement", 9, "Effect")
        assert resolved(holds=holds).place(beyond) is None
        assert resolved(holds=holds).locate(beyond) == every["Statement",].value
