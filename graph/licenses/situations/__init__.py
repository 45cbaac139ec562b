"""Findings by situation, not by repository: worked out once, handed to all who share it."""
