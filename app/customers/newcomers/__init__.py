"""The customer list that a shop already has: what its columns are called, what a row must hold, what it becomes."""
