"""The rules of the family `actions`, a module each."""
