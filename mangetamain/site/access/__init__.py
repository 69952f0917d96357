"""Who may come in, and under which name the site may be asked."""
