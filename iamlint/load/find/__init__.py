"""The files to read: the walk over folders, and the files that are left out."""
