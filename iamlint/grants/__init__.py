"""What a policy grants before there is a request: the vocabulary of the rules."""
