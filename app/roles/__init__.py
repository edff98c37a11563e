"""What each role sees and may do, told to the owner."""
