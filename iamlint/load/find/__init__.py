"""Which files are read: the walk over folders, and what is left out."""
