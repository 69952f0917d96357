"""Whether the site can serve: the data, the pages, and what stands on the disk."""
