"""What every target is built from: the package, its rows, and the two days that may stand in a file.

Apart from the targets, so that none asks the clock: the day of the release comes from the descriptor, the day on
which terms are judged from the call. Equal packages give equal bytes.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accords.errors import PackageError
from accords.intake.tables import Tables
from accords.package import Package, Resource, Schema

_FIRST = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)  # the first day that a zip can name


@dataclass
class Release:
    """A package about to be released; `as_of` is the day on which terms are judged, `forced` an invalid one."""

    package: Package
    as_of: datetime.date
    forced: bool = False

    @cached_property
    def tables(self) -> Tables:
        """All rows; raises `PackageError` where a table cannot be read as its schema says."""
        return Tables(self.package)

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """The descriptor as it was written."""
        content: dict[str, Any] = json.loads(self.package.files.read(self.package.descriptor).decode("utf-8-sig"))
        return content

    @cached_property
    def created(self) -> datetime.datetime:
        """When the release was made, by its descriptor; raises `PackageError` where that is no time."""
        told = self.descriptor.get("created")
        if told is None:
            return _FIRST
        try:
            moment = datetime.datetime.fromisoformat(told)
        except (TypeError, ValueError):
            raise PackageError(f"created of {self.package.descriptor} is no date: {told!r}.") from None
        return max(_FIRST, moment.astimezone(datetime.UTC) if moment.tzinfo else moment.replace(tzinfo=datetime.UTC))

    @property
    def stem(self) -> str:
        """What the names of the files begin with: the name and the version of the package."""
        return "-".join(part for part in (self.package.name or "package", self.package.version) if part)

    def described(self) -> list[tuple[Resource, Schema]]:
        """Return every table that has a schema."""
        return [(item, item.schema) for item in self.package.resources if item.schema]

    def has(self, *names: str) -> bool:
        """Tell whether the package has all these tables: what only a register of agreements has is built only there."""
        return all(name in self.tables for name in names)
