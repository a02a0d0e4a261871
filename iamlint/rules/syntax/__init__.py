"""The rules of the family `syntax`, a module each."""
