"""Broadband billing: what is sold and by whom, services of customers, their documents, queries and reminders."""
