"""The faces: the command line (``cli``) and the Streamlit app (``app``), and what both use."""
