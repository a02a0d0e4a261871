"""The rules of the family `resources`, a module each."""
