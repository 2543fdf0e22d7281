"""Partitions are days of fetching: what came on a day, whatever day it reports on."""

from __future__ import annotations

from typing import Final

import dagster as dg

#: ``end_offset=1``: today can be fetched before it is over.
FETCH_DAYS: Final = dg.DailyPartitionsDefinition(start_date="2026-01-01", timezone="UTC", end_offset=1)
