"""What is shown around one repository, or of all of them, and where it goes.

neighbourhood   the lineage around a repository, as a networkx graph
expansion       which repositories a view shows, and what was opened since
layout          places for its nodes, parents to the left
rows            the same as a list
status          what the index lacks of the few that are shown
details         everything worth telling about one repository
look            what a drawing is given to look as it does
atlas           the whole graph as a picture
"""
