"""The ledger: accounts, postings and the transfers that a posting is made of. No other room moves money."""
