"""The rules of the family `organizations`, a module each."""
