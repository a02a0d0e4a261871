"""Serverless Framework: policies of its functions, and the template beside them."""
