"""The Streamlit app: its pages, their parts, and how they look."""
