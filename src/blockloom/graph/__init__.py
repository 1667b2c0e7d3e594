"""What was drawn: nodes, links, the file, and what can be said about a graph without running it."""
