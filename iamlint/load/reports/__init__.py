"""Reports on an account that AWS's tools write: their users, keys, roles and settings.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""
