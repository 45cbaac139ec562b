"""The graph: records, vocabulary, store, lineage, licences, questions, snapshots and exports."""
