"""A shop chain that does not exist: stores, staff, customers and some months of trade, to try the house on."""
