"""Administrators: who may sign in, in which role and which stores, and the sessions that are open."""
