"""Builds the catalog of what AWS publishes."""
