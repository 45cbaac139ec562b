"""What is shown around one repository, or of all of them, and where it goes."""
