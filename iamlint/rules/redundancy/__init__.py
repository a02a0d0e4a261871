"""The rules of the family `redundancy`, a module each."""
