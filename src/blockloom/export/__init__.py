"""A graph in other forms: inside a picture, as a script, as a repository."""
