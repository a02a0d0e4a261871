"""Marks of manifests and stacks in the bytes of a file, found in microseconds."""

from __future__ import annotations

from typing import Final

_MARKS: Final = (b"apiVersion", b"properties", b"urn:pulumi")
_LINKING: Final = (
    *(b".services.k8s.aws/", b"aws.crossplane.io/", b"aws.upbound.io/", b"aws.m.upbound.io/"),
    *(b": aws:", b": aws-native:", b'"aws:', b'"aws-native:', b"eksctl.io/"),
)


def may_be_manifest(data: bytes) -> bool:
    """Return whether a file may have resources of these formats."""
    return any(mark in data for mark in _MARKS)


def may_describe_principals(data: bytes) -> bool:
    """Return whether a file of these formats without policies may describe principals."""
    return any(mark in data for mark in _LINKING)
