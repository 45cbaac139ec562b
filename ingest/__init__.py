"""The sources: the Hub, its dumps, cards and collections, read into records for the graph."""
