"""Licences: what texts say, as data; what artefacts inherit; what the rules find; may I use it?

names               from the words of authors to keys, from products to vendors
expressions         SPDX expressions as sets of keys
resolution          what the declarations of a repository come to
facts               what each licence permits, asks for and forbids, with its source
described           the same as triples
classes             what licences have in common, for a glance or a count
conflicts           which licences cannot be kept at once
views               what the rules need to know of an artefact
stored              the views of what a graph holds, one artefact at a time
obligations         what is handed down, and over which kind of step
topological_order   ancestors first
inheritance         the obligations of each artefact and of all its ancestors
rules               the rules, each a function from a case to drafts of findings
rule_table          the rules as a table to read
engine              from views to findings, one artefact at a time
findings            what a rule finds: how grave, how sure, along which path
situations          the findings of all repositories, worked out once for all alike
triples             findings as triples
answers             what can be asked, by whom, and the possible answers
grounds             what each use runs into
verdict             may this artefact be used so?
explaining          a verdict with the ways to what it is owed to
"""
