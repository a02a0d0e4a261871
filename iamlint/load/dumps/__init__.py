"""Dumps of an account by AWS's own tools and `iam-collect`."""
