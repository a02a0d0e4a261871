"""Reads texts that are not whole yet, such as those that a user is writing."""
