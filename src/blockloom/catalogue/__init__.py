"""What exists: node types, the node author's API, templates, and the catalogue on disk."""
