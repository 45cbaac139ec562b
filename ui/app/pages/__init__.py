"""The pages of the app: each loads, asks and draws."""
