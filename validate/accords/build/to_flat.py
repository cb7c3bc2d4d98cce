"""The flat tables as CSV: as they are, and with a mark at the beginning by which Excel knows UTF-8.

Apart from `register.flat`, which makes the rows: how a CSV is written is the same for each.
"""

from __future__ import annotations

import codecs
import csv
import io

from accords.build.release import Release
from accords.register.flat import Flat, flat_agreements, flat_events


def flat(release: Release) -> dict[str, bytes]:
    """Return both flat tables, each in two files; nothing for a package that is no register of agreements."""
    files: dict[str, bytes] = {}
    for table in flats(release):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(table.rows)
        content = text.getvalue().encode("utf-8")
        files[f"{table.name}.csv"] = content
        files[f"{table.name}-excel.csv"] = codecs.BOM_UTF8 + content
    return files


def flats(release: Release) -> tuple[Flat, ...]:
    """Return the flat tables; none for a package that is no register of agreements."""
    if not release.has("agreements", "agreement_parties", "agreement_citations", "events", "event_citations"):
        return ()
    return flat_agreements(release.tables, release.as_of), flat_events(release.tables)
