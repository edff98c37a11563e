"""Making one of two customers who are the same person."""
