"""Requests in files, and the decisions about them: `iamlint simulate`."""
