"""Chains of steps by which one principal becomes another, or an administrator."""
