"""What the site's pages say and show: words, HTML, and the answers that need no kernel."""
