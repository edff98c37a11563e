"""Reminders: which services stop soon or have stopped, what came of calling their customers, and what follows."""
