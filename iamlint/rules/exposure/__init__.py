"""The rules of the family `exposure`, a module each."""
