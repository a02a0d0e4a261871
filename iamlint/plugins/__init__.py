"""The rules, loaders and reporters of iamlint and of plugins."""
