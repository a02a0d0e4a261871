"""The sides of a comparison: a revision, the index, the working tree, a folder or a file."""
