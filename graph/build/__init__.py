"""Making a build: load, derive in steps, publish."""
