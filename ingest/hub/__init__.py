"""The live Hub: its lists walked to disk page by page, then applied to the graph.

client      one request, with manners: retries, rate limits, deadlines, one host
listing     addresses, fields and pages of the Hub's lists
raw         pages on disk, as they came
checkpoint  how far a harvest has come
harvest     walking a list to disk, so that nothing interrupts it for good
lookups     single repositories, asked for by their names
applying    rows to records in the graph, and what changed by that
sync        all of it in order: what ``remixgraph ingest hub`` runs
"""

from ingest.hub.client import Client, Limits
from ingest.hub.plan import Plan
from ingest.hub.progress import Progress
from ingest.hub.report import HubReport
from ingest.hub.sync import ingest_hub

__all__ = ["Client", "HubReport", "Limits", "Plan", "Progress", "ingest_hub"]
