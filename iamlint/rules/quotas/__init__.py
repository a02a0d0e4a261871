"""The rules of the family `quotas`, a module each."""
