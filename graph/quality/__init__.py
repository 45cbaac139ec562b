"""Checks over the lineage and the metadata, and the report of what they find.

checks                 what is looked for, how bad it is, what finds it: one table
severity               how bad something is
examined               a graph under examination, ready for all checks
link_diagnostics       what is wrong with links
metadata_diagnostics   what is wrong with declarations
diagnostics            what checks find, as columns
rows                   the same as rows, for whoever shows them
report                 all that is wrong with a graph, stored with its build
selection              choosing in the report, a page at a time
lineage_problems       what is wrong with links, as triples
finding_arrays         the licence findings of a whole graph as arrays
license_findings       how many there are, and the gravest that fit a choice
conformance            whether a store is made as the shapes say
"""
