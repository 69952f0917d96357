"""Reading a warehouse: locked down, following the current version, in one sentence where it cannot be."""
