"""The read room: an article becomes facts: sentences, mentions, claims, attributions, quantities, times.

Each reader is a plain function from text and earlier records to records (:mod:`pipelines.read.records`), so that a trained
model can take the place of its rules behind the same signature. :mod:`pipelines.read.article` runs them all.
"""
