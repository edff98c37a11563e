"""Taking over the customer list that a shop already has: read, stage, report, apply all of it or nothing."""
