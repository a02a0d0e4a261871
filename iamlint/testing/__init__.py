"""For those who run tests: examples of rules, declarative tests, one file under the linter."""
