"""What is asked about broadband: who has what, what was paid, what was suspended and closed, and how many there are."""
