"""The grants of a policy before there is a request: the vocabulary of the rules."""
