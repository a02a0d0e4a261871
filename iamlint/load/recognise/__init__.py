"""Recognition of policies, of their kinds, and of the formats of files."""
