"""How principals become others: chains of steps as text, data and pictures."""
