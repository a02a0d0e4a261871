"""Places that may hold a policy that no loader reads: they are listed."""
