"""Texts that somebody is still writing: what is around a place, whatever is missing."""
