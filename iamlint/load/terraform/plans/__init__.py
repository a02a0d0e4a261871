"""Plans and states of Terraform: what their resources come to, and how they are linked."""
