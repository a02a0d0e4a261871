"""Is this a policy, of which kind, and in which format?"""
