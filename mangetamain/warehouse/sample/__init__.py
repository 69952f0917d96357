"""The synthetic sample: raw tables after the published marginals, with planted effects."""
