"""Running queries: workers, deadlines, the guard, results, plans, and the named questions.

questions        the named questions, each a file of SPARQL
guard            queries that are refused before they run
runner           running a query under a deadline and limits
deadline         how long a caller waits
pool             workers that are kept ready for the queries on one graph
worker           the process in which queries run
worker_process   a worker as its owner sees it
results          an answer, in the standard formats and as a table
result_table     rows as a table of plain text
query_plan       how a query is read, and what each pattern meets
"""
