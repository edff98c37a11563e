"""What is kept how long: months leave for archives, persons who were deleted are erased."""
