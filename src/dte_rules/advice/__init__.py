"""What to do about a decision: which question to ask next, what would change it, and on which days it holds."""
