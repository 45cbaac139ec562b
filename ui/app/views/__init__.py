"""The pages of the app: each loads, asks and draws.

Rule: the folder is not named ``pages``. Streamlit takes one of that name, beside its script, for
pages of its own, and runs the modules in it as scripts.
"""
