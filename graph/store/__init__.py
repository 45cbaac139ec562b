"""A graph on disk: builds, the lock, opening one, and replacing it."""
