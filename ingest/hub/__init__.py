"""The live Hub: its lists walked to disk page by page, then applied to the graph.

client       one request, with manners: retries, rate limits, deadlines, one host
patience     how long to wait before asking again
together     many single requests, a few at a time
listing      addresses, fields and pages of the Hub's lists
raw          pages on disk, as they came
checkpoint   how far a harvest has come
harvest      walking a list to disk, so that nothing interrupts it for good
lookups      single repositories, asked for by their names
cards        cards of those whose list answer does not tell all
cache        what was asked for one by one
applying     rows to records in the graph, and what changed by that
plan         what a run is to bring
sync         all of it in order: what ``remixgraph ingest hub`` runs
progress     what whoever watches is told
report       what a run did
"""

from ingest.hub.client import Client, Limits
from ingest.hub.plan import Plan
from ingest.hub.progress import Progress
from ingest.hub.report import HubReport
from ingest.hub.sync import ingest_hub

__all__ = ["Client", "HubReport", "Limits", "Plan", "Progress", "ingest_hub"]
