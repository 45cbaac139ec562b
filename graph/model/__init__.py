"""The model: what the graph keeps, as frozen records; ids, kinds, errors, and every IRI."""
