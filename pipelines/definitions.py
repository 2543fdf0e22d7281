"""What Dagster loads (see workspace.yaml)."""

from pipelines.orchestration.build import build_definitions

defs = build_definitions()
