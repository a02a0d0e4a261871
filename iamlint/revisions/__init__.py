"""Two sides to compare: a revision, the index, the working tree, a folder or a file."""
