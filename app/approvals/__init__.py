"""Approvals: a reversal or an adjustment above an amount is posted only after a second person has agreed to it."""
