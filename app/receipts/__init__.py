"""Receipts: one posting on paper, marked when it is printed again, and checked by whoever scans its code."""
