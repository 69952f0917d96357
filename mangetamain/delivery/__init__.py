"""Delivery: environments, their health, promotion on evidence, and the way back."""
