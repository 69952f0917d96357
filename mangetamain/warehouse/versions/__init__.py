"""The warehouses of a data folder: drafts, the current one, and those that an environment holds on to."""
