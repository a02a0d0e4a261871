"""What the values of condition keys and the names of resources look like, with AWS's pages."""
