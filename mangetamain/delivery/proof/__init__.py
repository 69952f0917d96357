"""What is seen of a pair before readers get it: its pages in a browser, its notebooks, and what it changes."""
