"""Questions about an account, and their answers."""
