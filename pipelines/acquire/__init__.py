"""Acquire: the outside world. Here: files; what is kept goes to the page store as it came, and every attempt is a row."""
