"""What AWS's own tools and `iam-collect` say of an account."""
