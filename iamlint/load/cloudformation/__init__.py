"""Policies of CloudFormation and SAM templates, and of what CDK makes, in YAML and JSON."""
