"""Settings: paths, limits and choices, from the environment and one file, validated once.

Precedence: an argument of the command line, then the environment (``COUNTERCLAIM_...``), then ``counterclaim.toml`` in
the current directory (or the file that ``COUNTERCLAIM_CONFIG`` names), then the defaults here.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

#: The project's folder: where the code, the dbt project and the sample stand.
PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent
#: Where a run writes unless told otherwise.
DEFAULT_HOME: Final = PROJECT_ROOT / "data"
#: The outlets that a run follows when it is told to follow.
DEFAULT_SOURCES: Final = DEFAULT_HOME / "sources.yml"
#: Input of a run that names none: the sample.
SAMPLE_PAGES: Final = DEFAULT_HOME / "sample" / "pages"
DBT_PROJECT: Final = PROJECT_ROOT / "dbt_project"

_ENV_PREFIX: Final = "COUNTERCLAIM_"


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and where it came from."""


class Settings(BaseSettings):
    """What a run needs to know; every field can be set as ``COUNTERCLAIM_<NAME>`` or in ``counterclaim.toml``."""

    model_config = SettingsConfigDict(env_prefix=_ENV_PREFIX, extra="forbid", frozen=True, validate_default=True)

    home: Path = Field(DEFAULT_HOME, description="Folder that everything a run writes goes to.")
    inputs: tuple[Path, ...] = Field(
        (SAMPLE_PAGES,), description="Files and folders that the scheduled run reads (the sample by default)."
    )
    follow: bool = Field(False, description="Whether runs follow the outlets of the sources file over the network.")
    sources: Path = Field(DEFAULT_SOURCES, description="The file of outlets to follow.")
    user_agent: str = Field(
        "Counterclaim", pattern=r"^[A-Za-z_-]{1,40}$", description="Product token: for the User-Agent and robots.txt."
    )
    contact: str = Field(
        "", max_length=200, pattern=r"^[\x21-\x7e]*$", description="Web or mail address of whoever runs this, in the User-Agent."
    )
    allow_private: bool = Field(False, description="Let addresses that are private or loopback be asked (tests, an intranet).")
    delay_seconds: float = Field(1.0, ge=0, description="Least time between two requests to a host; robots.txt may ask for more.")
    connect_seconds: float = Field(10.0, gt=0, description="Longest wait for a connection.")
    read_seconds: float = Field(20.0, gt=0, description="Longest silence while an answer comes.")
    total_seconds: float = Field(60.0, gt=0, description="Longest time for one answer in all.")
    backoff_seconds: float = Field(1.0, ge=0, description="Wait before a failed request is tried again; doubles with each try.")
    max_retry_after_seconds: float = Field(
        120.0, ge=0, description="A host that asks for more patience (Retry-After) is left alone until a later run."
    )
    max_tries: int = Field(3, ge=1, le=10, description="Tries of one request in a run, where its failure may be a passing one.")
    max_redirects: int = Field(5, ge=0, le=20, description="Redirects followed from one address.")
    hosts_at_once: int = Field(16, ge=1, le=256, description="Hosts asked side by side, one request at a time each.")
    pages_per_host: int = Field(200, ge=1, description="Most pages asked of one host in a run; the others come in the next.")
    host_seconds: float = Field(1_800.0, gt=0, description="Longest time that a run spends on one host.")
    refetch_hours: tuple[float, ...] = Field(
        (24.0, 168.0), description="Hours after its first fetch at which a page is asked for again, for silent edits."
    )
    max_listed_age_days: float = Field(30.0, gt=0, description="Pages older than this when first listed are not asked for.")
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8), ge=1, le=256, description="Processes for cleaning and reading."
    )
    batch_documents: int = Field(200, ge=1, le=100_000, description="Documents cleaned and articles read per transaction.")
    max_document_bytes: int = Field(20_000_000, ge=1_000, description="Larger documents are refused as too_large.")
    memory_limit_gb: float = Field(4.0, gt=0.25, description="DuckDB's memory limit in GB.")
    lock_timeout_seconds: float = Field(600.0, ge=0, description="How long to wait for another run that writes.")
    keep_snapshots: int = Field(3, ge=1, description="Published snapshots kept, the current one included.")

    tagger: Path | None = Field(
        None,
        description="Folder of a tagger that takes the place of the one that ships (tagger.onnx, tokenizer.json, config.json).",
    )
    entailment: Path | None = Field(
        None,
        description=(
            "Folder of a cross-encoder that takes the place of the one that ships (model.onnx, tokenizer.json, config.json and,"
            " fitted to it, decision.json)."
        ),
    )
    model_threads: int = Field(1, ge=1, le=64, description="Threads inside a model's operators, in each worker process.")

    endpoint_url: str = Field(
        "",
        pattern=r"^(https?://[^\s@/][^\s@]*)?$",
        description=(
            "Base address of an OpenAI-compatible endpoint that decides the pairs of claims of which the comparison is unsure"
            " (http://127.0.0.1:8080/v1); sentences of articles are sent there. Off where empty."
        ),
    )
    endpoint_model: str = Field("", max_length=200, description="Name of the model there.")
    endpoint_key_variable: str = Field(
        "", pattern=r"^[A-Za-z0-9_]*$", description="Name of the environment variable that holds the API key; empty for none."
    )
    endpoint_pairs: int = Field(200, ge=0, le=1_000_000, description="Pairs put to the endpoint in a run, at most.")
    endpoint_seconds: float = Field(600.0, gt=0, description="Longest time that a run spends on asking the endpoint.")
    endpoint_answer_seconds: float = Field(60.0, gt=0, description="Longest wait for one answer of the endpoint.")
    endpoint_band: float = Field(
        0.2, gt=0, le=1, description="How far a pair's probability may lie from the threshold for the endpoint to be asked."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, environment, then the one file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file())

    @model_validator(mode="after")
    def _whole_endpoint(self) -> Self:
        if self.endpoint_url and not self.endpoint_model:
            raise ValueError("endpoint_url is set and endpoint_model is not: name the model")
        return self

    @field_validator("home", "inputs", "sources", "tagger", "entailment", mode="after")
    @classmethod
    def _absolute(cls, value: Path | tuple[Path, ...] | None) -> Path | tuple[Path, ...] | None:
        if value is None:
            return None
        if isinstance(value, Path):
            return _absolute_path(value)
        return tuple(map(_absolute_path, value))

    @property
    def warehouse(self) -> Path:
        """The working DuckDB file: one process writes it; nobody else opens it."""
        return self.home / "warehouse" / "counterclaim.duckdb"

    @property
    def published(self) -> Path:
        """Link to the newest whole snapshot: what BI tools open."""
        return self.home / "published" / "counterclaim.duckdb"

    @property
    def pages(self) -> Path:
        """The page store: documents as they came, in Parquet by day."""
        return self.home / "pages"

    @property
    def answers(self) -> Path:
        """What an endpoint has answered, by the hashes of what it was asked: kept when the warehouse is built anew."""
        return self.home / "answers" / "endpoint.jsonl"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance: run history and its settings."""
        return self.home / "dagster_home"

    @property
    def dbt_target(self) -> Path:
        """The artefacts of dbt: manifest, compiled SQL."""
        return self.home / "warehouse" / "dbt_target"


def _absolute_path(path: Path) -> Path:
    """``path`` without ``~`` and ``..``, links left as they are."""
    return Path(os.path.abspath(path.expanduser()))


def config_file() -> Path | None:
    """The settings file in force: ``COUNTERCLAIM_CONFIG``, else ``counterclaim.toml`` here, else none.

    Raises:
        SettingsError: ``COUNTERCLAIM_CONFIG`` names a file that does not exist.
    """
    named = os.environ.get("COUNTERCLAIM_CONFIG")
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise SettingsError(f"COUNTERCLAIM_CONFIG names {path}, which is no file")
        return path
    local = Path("counterclaim.toml")
    return local if local.is_file() else None


def load_settings(**overrides: object) -> Settings:
    """The settings in force, with ``overrides`` (None: not given) on top.

    Raises:
        SettingsError: a value cannot be used; the message names each one.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        source = config_file()
        where = f"{_ENV_PREFIX}* in the environment" + (f" or {source}" if source else "")
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']} (got {e['input']!r})" for e in error.errors())
        raise SettingsError(f"unusable settings from {where}: {problems}") from error


@cache
def current_settings() -> Settings:
    """The settings of this process, read once (Dagster loads them at import; the command line sets the environment first)."""
    return load_settings()


def export_home(home: Path) -> None:
    """Put the home folder chosen on the command line into the environment, where child processes (Dagster, dbt) see it too."""
    os.environ[f"{_ENV_PREFIX}HOME"] = str(_absolute_path(home))
    current_settings.cache_clear()


def export_models(settings: Settings) -> None:
    """Put the choice of models into the environment, where the models' loaders and worker processes look."""
    if settings.tagger is not None:
        os.environ[f"{_ENV_PREFIX}TAGGER"] = str(settings.tagger)
    if settings.entailment is not None:
        os.environ[f"{_ENV_PREFIX}ENTAILMENT"] = str(settings.entailment)
    os.environ[f"{_ENV_PREFIX}MODEL_THREADS"] = str(settings.model_threads)
