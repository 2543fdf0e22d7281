"""The clean room: a document becomes articles.

:mod:`~pipelines.clean.extract` turns a page into a headline, a body and what the page declares about itself;
:mod:`~pipelines.clean.digests` takes apart a document that pastes several articles; :mod:`~pipelines.clean.documents`
does both for any document and makes rows of ``raw.articles``; :mod:`~pipelines.clean.versions` numbers the texts seen at
one address and :mod:`~pipelines.clean.copies` finds which report a copy repeats.

The rest serves these: :mod:`~pipelines.clean.text` (bytes to tidy text), :mod:`~pipelines.clean.trees` (pages as trees),
:mod:`~pipelines.clean.page` (which source to believe for which field), :mod:`~pipelines.clean.structured` (JSON-LD),
:mod:`~pipelines.clean.bylines` (names and credits), :mod:`~pipelines.clean.dates` (stamps) and
:mod:`~pipelines.clean.urls`.
"""
