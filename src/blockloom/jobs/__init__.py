"""Queue and history in SQLite, and the workers that run jobs: one process for each device."""
