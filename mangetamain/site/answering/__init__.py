"""Answers for readers: kept, read from the store, or computed by a pool of processes."""
