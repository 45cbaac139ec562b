"""Records as RDF and back: the one mapping, with the ontology and the shapes.

terms            terms as N-Triples text, and back to Python values
properties       the tables of the mapping: which attribute is which property
triples          the mapping, in both directions
rdflib_triples   the same in rdflib's terms
descriptions     what is said about the nodes that repositories share
resolutions      what the Hub answered for ids by name, and the aliases in it
history          what changed in a repository between two readings
runs             ingestion runs, as the catalogue records them
editing          small edits of a store
shapes           the shapes, rewritten for speed before use
slices           a part of a graph in memory, as pyshacl reads it
validation       whether a slice is made as the shapes say
"""
