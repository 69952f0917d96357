"""The warehouses of a data folder: which there are, drafts, the switch to a new one, and pins that keep old ones."""
