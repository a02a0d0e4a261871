"""What a policy says. Knows nothing of files."""
