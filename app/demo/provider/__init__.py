"""A small broadband provider in the demo: what it has set up, and two years of its work, made by a seed."""
