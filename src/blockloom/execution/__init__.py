"""Planning and running graphs: keys, kept values, events. Knows blocks only through a Runner."""
