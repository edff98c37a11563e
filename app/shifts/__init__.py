"""Shifts: a clerk's drawer is opened, counted blind, closed with a report, and handed over."""
