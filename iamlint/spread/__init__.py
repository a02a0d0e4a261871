"""Hands the parts of a run to other machines."""
