"""The graph, in rooms: each imports only those above it in this list.

model        what the graph keeps, as frozen records; every IRI
rdf          records as RDF and back, ontology and shapes
store        a graph on disk: builds, the lock, opening one
tables       the whole graph as columns, read once
licenses     what licences say, what is inherited, rules, verdicts, findings of all
lineage      ancestors, descendants, paths, families
search       finding a repository by parts of its id
sparql       running queries, and the named questions
quality      checks, the report of what they find, conformance
statistics   counts, pulse, drift, overview, highlights
view         what is shown around one repository, and the atlas of all
build        making a build: load, derive in steps, publish
snapshots    a whole graph as a folder of files
exports      the graph, or one lineage, in formats of others
"""
