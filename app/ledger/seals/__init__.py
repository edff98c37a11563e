"""Seals: what a closed day was, in one number that is signed and can be kept elsewhere (docs/seals.md)."""
