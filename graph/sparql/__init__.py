"""Running queries: workers, deadlines, the guard, results, plans, and the named questions."""
