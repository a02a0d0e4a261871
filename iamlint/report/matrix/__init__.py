"""Shows the matrix of principals and questions."""
