"""Fields of the owner's own: what else he wants to know of his customers, and of the things of other rooms."""
