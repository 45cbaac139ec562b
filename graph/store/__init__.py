"""A graph on disk: builds, the lock, opening one, and what lies beside its store.

directory        one directory, one writer, many readers: publishing and sweeping
builds           how a build is begun, finished, kept while it is read, and removed
lineage_graph    opening a graph and reading it
results          what was derived when a build was made: one manifest over all
texts            many texts in one array, read one at a time
chunks           files of N-Quads on their way into a build, with their tables
removing         what goes with a repository, and what nobody points at then
sorting          sorting more lines than fit into memory
processes        worker processes that never outlive the work
rdflib_dataset   the store through rdflib's API
"""
