"""The web site: a landing page without a kernel, and each notebook as a living page."""
