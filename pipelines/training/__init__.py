"""Training: one command a model; never imported at run time."""
