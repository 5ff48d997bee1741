"""What a run costs, measured as ratios."""
