"""How requests are answered and written down, without a kernel."""
