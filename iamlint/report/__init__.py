"""A run in, text out: one file per format."""
