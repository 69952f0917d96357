"""Raw files to typed tables: every record is loaded or refused, and the sums prove it."""
