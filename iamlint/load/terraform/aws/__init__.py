"""The resources and data sources of AWS that Terraform's providers offer."""
