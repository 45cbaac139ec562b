"""The faces: command line, Streamlit app and SPARQL endpoint."""
