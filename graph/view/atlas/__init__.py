"""The atlas: a place in the plane for everything that lineage joins, and what is seen of it.

forest       the one parent of each repository that its place hangs on
branches     who has a disc of their own, and who shares that of the parent
packing      discs beside one another without overlap
placing      the layout of all families, worked out when a graph is built
reading      the layout of an index opened for looking: Atlas
grouping     what points are grouped by, and the group of each
window       the part of the plane that is looked at
raster       the points of a window as cells, for a million points at once
points       the points of a window one by one, where few are left
discs        families and branches of a window, the largest first, with their names
"""

from graph.view.atlas.grouping import GroupBy
from graph.view.atlas.reading import Atlas
from graph.view.atlas.window import Window

__all__ = ["Atlas", "GroupBy", "Window"]
