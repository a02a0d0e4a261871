"""Who holds what: users, groups, roles, their policies, and resources."""
