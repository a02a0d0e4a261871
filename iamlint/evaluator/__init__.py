"""Decides a request as AWS does, and gives the reasons."""
