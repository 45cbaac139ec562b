"""Counts, shares and rates over the whole graph, and what stands out in it.

results             all of it, worked out when a build is made, and how it is read
counts              what a graph holds, in numbers
distributions       shares, distributions and rates
model_links         the lineage of models as arrays, and its shape
declared            what repositories declare, in words
overview            what a graph holds, at a glance
pulse               month by month: is it few who are remixed, or many?
concentration       how remixing is shared out among owners
growth              what was created in each month
drift               what becomes of a licence from parent to child
transitions         from which licence to which, counted once
license_labels      the licence of each repository in a word
highlights          one of each kind of thing worth looking at
striking            what stands out in a store
summaries           what the store holds of counts, for questions
license_summaries   those that are about licences
summary             what every summary is written with
"""
