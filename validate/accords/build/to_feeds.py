"""Feeds that an office can subscribe to: new agreements as Atom, terms that end soon as a calendar.

Apart from the flat tables, because these are for programs that look again every day.
"""

from __future__ import annotations

import datetime
import uuid
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from accords.build.release import Release
from accords.build.to_metadata import creators
from accords.intake.tables import Row
from accords.register.links import Links

_NEWEST = 100
_SOON = datetime.timedelta(days=366)
_ATOM = "http://www.w3.org/2005/Atom"
_FOLD = 75  # octets of a line in a calendar


def feeds(release: Release) -> dict[str, bytes]:
    """Return `agreements.atom` and `ending-soon.ics`; nothing for a package that is no register of agreements."""
    if not release.has("agreements", "agreement_parties", "agreement_citations"):
        return {}
    links = Links(release.tables)
    return {"agreements.atom": atom(release, links), "ending-soon.ics": calendar(release, links)}


def atom(release: Release, links: Links) -> bytes:
    """Return the agreements that were signed last, newest first; those without a date are not in it."""
    told = release.descriptor
    feed = Element("feed", xmlns=_ATOM)
    SubElement(feed, "title").text = told.get("title") or release.stem
    SubElement(feed, "id").text = _urn(release, "feed")
    SubElement(feed, "updated").text = release.created.isoformat()
    author = SubElement(feed, "author")
    SubElement(author, "name").text = creators(release)[0]
    dated = [row for row in release.tables.rows("agreements") if links.bounds(row["signed_date"])[0]]
    dated.sort(key=lambda row: (links.bounds(row["signed_date"])[0], row["agreement_id"]), reverse=True)
    for row in dated[:_NEWEST]:
        _entry(feed, release, links, row)
    indent(feed)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, "unicode").encode("utf-8") + b"\n"


def _entry(feed: Element, release: Release, links: Links, row: Row) -> None:
    key = row["agreement_id"]
    entry = SubElement(feed, "entry")
    SubElement(entry, "title").text = row["title_en"]
    SubElement(entry, "id").text = _urn(release, key)
    SubElement(entry, "updated").text = release.created.isoformat()
    SubElement(entry, "summary").text = f"Signed {row['signed_date']}. {row['summary_en']}"
    for source in links.sources("agreement_citations", "agreement_id", key):
        if source["url"]:
            SubElement(entry, "link", href=source["url"], rel="via")
    SubElement(
        entry, "category", term=row["agreement_type"], label=links.label("agreement_types", row["agreement_type"])
    )


def calendar(release: Release, links: Links) -> bytes:
    """Return one all-day event for each term that ends from the day of the build on, within a year."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//accords//{_text(release.stem)}//EN", "CALSCALE:GREGORIAN"]
    ends = [(links.bounds(row["end_date"])[1], row) for row in release.tables.rows("agreements")]
    soon = [(day, row) for day, row in ends if day and release.as_of <= day <= release.as_of + _SOON]
    for day, row in sorted(soon, key=lambda item: (item[0], item[1]["agreement_id"])):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_urn(release, row['agreement_id']).removeprefix('urn:uuid:')}",
            f"DTSTAMP:{release.created:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + datetime.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text('Term ends: ' + row['title_en'])}",
            f"DESCRIPTION:{_text(_told(links, row))}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode("utf-8")


def _told(links: Links, row: Row) -> str:
    parties = dict.fromkeys(
        links.party(item["party_id"]) for item in links.of("agreement_parties", "agreement_id", row["agreement_id"])
    )
    return f"{row['agreement_id']}. End date {row['end_date']} ({row['end_date_basis']}). {'; '.join(parties)}."


def _urn(release: Release, key: str) -> str:
    """Return a name that stays the same from release to release."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{release.package.name}/{key}").urn


def _text(text: str) -> str:
    """Return a text as RFC 5545 escapes it."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def folded(line: str) -> list[str]:
    """Return a line in pieces of at most 75 octets, each after the first with a blank before it, no letter torn."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode("utf-8")) > _FOLD:
            pieces.append(piece)
            piece = " "
        piece += letter
    return [*pieces, piece]
