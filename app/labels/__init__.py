"""Zero-shot labels: which everyday concepts each photo shows."""
