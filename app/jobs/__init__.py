"""Running jobs: whoever wakes looks into the table of runs, takes one that waits, and keeps it alive to its end."""
