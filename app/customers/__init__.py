"""Customers: who they are, how they are found, and how a shop's old list is taken over."""
