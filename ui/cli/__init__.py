"""The command line: one program, its commands, and what it prints."""
