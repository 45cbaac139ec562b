"""Finding a repository by parts of its id."""
