"""HCL as Terraform evaluates it: modules, calls and values. It knows no provider."""
