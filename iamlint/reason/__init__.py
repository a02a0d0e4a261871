"""Answers about all requests: what one set of policies allows and another one does not."""
