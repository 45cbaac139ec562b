"""The sources: the Hub, its dumps, cards and collections, read into records for the graph.

shapes         what rows describe, and how each source is read: one table
models         a row about a model
datasets       a row about a dataset
spaces         a row about a Space
cards          cards: front matter and text
provenance     the summaries of the Data Provenance Initiative
parsed         what parsing gives: records and issues
values         tolerant readers of JSON values
tags           the flat list of tags
licenses       licence declarations, of cards and tags
derivations    what several witnesses say about one parent
evaluations    scores
mergekit       merge recipes in the text of cards
references     what a declared value names
aliases        old names of well-known repositories
renaming       renames that were learned later
merging        a card joined to what the Hub says
safe_yaml      YAML that strangers wrote
readmes        README.md files as rows
dumps          files of rows: JSON, JSON Lines, Parquet
reading        how files are to be read
mapper         from files to N-Quads, in worker processes
workers        those processes
loading        into a build of the graph
pipeline       from files to a published graph
report         what was read, kept and found wrong
hub            the live Hub
linting        what to mend in a card before it is published
"""
