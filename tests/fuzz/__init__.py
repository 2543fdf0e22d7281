"""A deterministic, seeded mutation fuzzer over everything that comes from outside. More by hand: ``python -m tests.fuzz``."""
