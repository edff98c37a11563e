"""The shop: its stores, payment methods, settings that staff may change, help and precautions."""
