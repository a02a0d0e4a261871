"""The resources and data sources of Terraform's providers for AWS."""
