"""The rules of the family `hygiene`, a module each."""
