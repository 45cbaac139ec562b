"""Making a build: load, derive in steps, publish.

building    a new build, made beside the current one and published as a whole
loader      loading chunks while others are still being made
deriving    what follows from the whole graph, in named steps
replacing   what a store holds of it brought up to date: only differences
restoring   what a snapshot holds of it set aside, and compared by a sum
"""
