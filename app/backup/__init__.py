"""Backups: one neutral file for either database, made while the desk serves, proved before it replaces anything."""
