"""What of the ledger's past has left for files, and what stays of it here (docs/adr/0009)."""
