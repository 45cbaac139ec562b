"""The model: what the graph keeps, as frozen records; ids, kinds, errors, and every IRI.

records      repositories, and the claims made about them
relations    the relations between them: one table, from which every layer takes what it needs
licenses     the licences that repositories name, and how a name becomes an IRI
vocabulary   every IRI, and the way between ids and IRIs
namespace    closed namespaces, in which a misspelt term is an error
errors       every error that is raised on purpose, as one tree
arrays       the type that everything derived is made of, and what NumPy lacks
files        writing files so that they outlast a crash
"""
