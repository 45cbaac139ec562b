"""The whole graph as columns, read once: the one input of everything that is derived."""
