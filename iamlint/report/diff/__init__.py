"""What changes between two revisions, as text, JSON, Markdown and SARIF."""
