"""The reports room: what the shop took in and gave, and to whom it owes."""
