"""HCL as Terraform evaluates it: modules, calls and values. Independent of providers."""
