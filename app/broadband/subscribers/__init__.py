"""The list of subscribers that a provider already has: its columns, what a row must hold, and what it becomes."""
