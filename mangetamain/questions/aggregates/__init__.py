"""What questions ask of the engine: sums, counts and quantiles of many rows, never the rows."""
