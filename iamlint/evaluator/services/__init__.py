"""The exceptions single services make from the general decision flow."""
