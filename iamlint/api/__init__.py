"""What scripts call: lint paths, parse a policy, decide a request."""
