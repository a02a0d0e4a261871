"""HCL, the language of Terraform and OpenTofu: a text in, blocks with expressions out."""
