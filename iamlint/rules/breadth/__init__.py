"""The rules of the family `breadth`, a module each."""
