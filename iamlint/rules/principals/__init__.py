"""The rules of the family `principals`, a module each."""
