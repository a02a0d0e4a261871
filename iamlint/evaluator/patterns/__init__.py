"""Questions about patterns: what holds of every text that a pattern matches."""
