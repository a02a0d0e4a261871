"""The language server: what `iamlint check` reports, while the user types."""
