"""From what rules say of a batch to findings: counts, base rows, correlations, claims. Pipeline and undo call it."""
