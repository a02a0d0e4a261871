"""The rules of the family `conditions`, a module each."""
