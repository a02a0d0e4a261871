"""The rules of the family `escalation`, a module each."""
