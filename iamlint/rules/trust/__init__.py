"""The rules of the family `trust`, a module each."""
