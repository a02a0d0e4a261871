"""Serverless Framework: policies of its functions, beside a template."""
