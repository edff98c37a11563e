"""One customer's statement: what he had, what moved it, what he has."""
