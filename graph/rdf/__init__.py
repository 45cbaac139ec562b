"""Records as RDF and back: the one mapping, with the ontology and the shapes."""
