"""What no reader takes for a policy, though it may be one: it is listed."""
