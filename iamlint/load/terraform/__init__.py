"""Policies of Terraform and OpenTofu: modules in HCL or JSON, plans and states."""
