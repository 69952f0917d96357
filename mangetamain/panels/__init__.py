"""A question with controls, for JupyterLab and Voilà."""
