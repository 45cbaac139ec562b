"""The whole graph as columns, read once: the one input of everything that is derived.

schema       the columns of each table, and reading them as arrays: Tables
codes        the codes of closed lists, apart, so that reading an index loads no Arrow
recording    from records to tables, beside each chunk of N-Quads
reading      from a store to tables, each property once
columns      reading whole columns of a store
uniting      the tables of parts as those of the whole, in the one order
files        tables as Arrow files, mapped into memory
steps        the steps of lineage out of the table of derivations
lines        N-Quads of many repositories at once
"""
