"""What assets are handed: the settings and the warehouse."""

import dagster as dg

from pipelines.settings import Settings, current_settings
from pipelines.warehouse import Warehouse


class WarehouseResource(dg.ConfigurableResource[Warehouse]):
    """The settings of the run and the warehouse they name, read when the run starts."""

    @property
    def settings(self) -> Settings:
        """The settings in force in this process."""
        return current_settings()

    @property
    def warehouse(self) -> Warehouse:
        """The working warehouse."""
        return Warehouse.from_settings(self.settings)
