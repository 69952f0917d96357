"""The tables that questions read: clean recipes and reviews, their vocabulary, and cubes."""
