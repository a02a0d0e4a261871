"""Runs rules over documents: checks, suppresses, compares with a baseline, and fixes."""
