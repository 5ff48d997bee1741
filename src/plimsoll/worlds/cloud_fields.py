"""The keys and types of an inventory's records, so that a slip in one is found when it is read.

Keys are those of the public API document, and of the official Go client where it names more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.cloud_app_fields import APP_SHAPES
from plimsoll.worlds.cloud_database_fields import DATABASE_SHAPES
from plimsoll.worlds.cloud_network_fields import NETWORK_SHAPES

if TYPE_CHECKING:
    from plimsoll.worlds.cloud_shape import Shape

SHAPES: dict[str, Shape] = APP_SHAPES | DATABASE_SHAPES | NETWORK_SHAPES
"""Read → the shape of one of its records."""
