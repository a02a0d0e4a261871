"""The condition operators, one file per type of value."""
