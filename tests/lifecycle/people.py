"""What people and their programs had written before captiond came: in media files, and beside them.

Every word and caption of a human that is told here stands in ``Said``, so that a test knows what
must never be lost without having to ask any program.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.foreign_xmp import DARKTABLE, LIGHTROOM

_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "zz": "http://zz.example/ns#",
}
LONG_WORD = "Überlandstraßenbahnhöfe bei Schönbühl an der großen Möhre"


@dataclass(frozen=True, slots=True)
class Embedded:
    """What stands in a media file: values by ExifTool's names, or a whole *packet* of XMP."""

    values: Mapping[str, Any] = field(default_factory=dict)
    packet: str = ""
    blocks: str = ""


def packet(*properties: str, attributes: str = "", comment: str = "") -> str:
    """Spell an XMP document as other programs do."""
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _SPACES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}<x:xmpmeta xmlns:x="adobe:ns:meta/" '
        'x:xmptk="Another Program 1.0"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about="" {spaces}{attributes}>\n'
        + "\n".join(properties)
        + "\n</rdf:Description></rdf:RDF></x:xmpmeta>\n"
    )


def listed(name: str, *words: str, kind: str = "Bag") -> str:
    """Spell a list."""
    items = "".join(f"<rdf:li>{word}</rdf:li>" for word in words)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def languages(name: str, **texts: str) -> str:
    """Spell alternatives in several languages; ``x_default`` stands for all."""
    items = "".join(
        f'<rdf:li xml:lang="{lang.replace("_", "-")}">{text}</rdf:li>'
        for lang, text in texts.items()
    )
    return f"<{name}><rdf:Alt>{items}</rdf:Alt></{name}>"


_EXIF = {"IFD0:Artist": "Änne Müller", "ExifIFD:DateTimeOriginal": "2018:07:06 05:04:03"}
_CRS = (
    listed("crs:ToneCurve", "0, 0", "255, 255", kind="Seq"),
    '<zz:thing rdf:parseType="Resource"><zz:part>1.10</zz:part></zz:thing>',
    '<xmpMM:History><rdf:Seq><rdf:li rdf:parseType="Resource"><zz:how>saved</zz:how></rdf:li>'
    "</rdf:Seq></xmpMM:History>",
)
_ATTRIBUTES = (
    ' crs:Version="15.0" crs:Exposure2012="+0.30" xmpMM:DocumentID="xmp.did:1" xmp:Rating="3"'
    ' zz:odd="a &amp; b"'
)

EMBEDDED: Mapping[str, Embedded] = {
    "nothing": Embedded(),
    "flat words": Embedded({"XMP-dc:Subject": ["Oma", "Garten", "2024", "TRUE"]}),
    "a hierarchy": Embedded(
        {"XMP-lr:HierarchicalSubject": ["Ort|Ulm", "Wetter|Sonne"], "XMP-dc:Subject": ["Ulm"]}
    ),
    "digiKam's tags": Embedded(
        {
            "XMP-digiKam:TagsList": ["Ort/Ulm", "Leute/Oma"],
            "XMP-lr:HierarchicalSubject": ["Ort|Ulm", "Leute|Oma"],
            "XMP-dc:Subject": ["Ulm", "Oma"],
            "XMP-microsoft:LastKeywordXMP": ["Ort/Ulm", "Leute/Oma"],
        }
    ),
    "attributes": Embedded(
        packet=packet(
            *_CRS,
            listed("dc:subject", "Oma", "sailing"),
            languages("dc:description", x_default="Oma's garden", de_DE="Omas Garten"),
            languages("dc:title", zh_CN="花园"),
            attributes=_ATTRIBUTES,
        )
    ),
    "a caption": Embedded(
        {"XMP-dc:Description-x-default": "  Oma & <Opa>\nin Ulm ", "XMP-dc:Rights-de": "© Oma"}
    ),
    "one language": Embedded({"XMP-dc:Description-x-default": "Oma", "XMP-dc:Description-fr": "M"}),
    "alt text": Embedded(
        {
            "XMP-iptcCore:AltTextAccessibility-x-default": "A human's alternative.",
            "XMP-tiff:ImageDescription-x-default": "In tiff's words",
            "XMP-photoshop:CaptionWriter": "Änne",
        }
    ),
    "IPTC": Embedded(
        {
            "IPTC:CodedCharacterSet": "UTF8",
            "IPTC:Keywords": ["Möwe", LONG_WORD, "boat"],
            "IPTC:Caption-Abstract": "Möwen über Ulm",
            "IPTC:City": "Ulm",
        }
    ),
    "IPTC of old": Embedded(
        {"IPTC:Keywords": ["Málaga", "Meer"], "IPTC:Caption-Abstract": "Málaga, 1999"}
    ),
    "IPTC without a caption": Embedded({"IPTC:Keywords": ["Hafen"], "IPTC:By-line": "Änne"}),
    "EXIF's caption": Embedded({"IFD0:ImageDescription": "Bei Oma im Garten", **_EXIF}),
    "camera's junk": Embedded({"IFD0:ImageDescription": "OLYMPUS DIGITAL CAMERA     ", **_EXIF}),
    "maker's notes": Embedded(blocks="notes"),
    "moved notes": Embedded({"XMP-dc:Subject": ["Oma"]}, blocks="moved notes"),
    "a profile": Embedded({"XMP-xmp:Rating": "4"}, blocks="icc"),
    "everything": Embedded(
        {
            "XMP-dc:Subject": ["Oma", "Ulm"],
            "XMP-lr:HierarchicalSubject": ["Ort|Ulm"],
            "XMP-crs:ColorTemperature": "5300",
            "XMP-xmpMM:DocumentID": "xmp.did:2",
            "IPTC:CodedCharacterSet": "UTF8",
            "IPTC:Keywords": ["Oma", "Ulm"],
            "IPTC:Caption-Abstract": "Oma in Ulm",
            "Photoshop:IPTCDigest": "new",
            "GPS:GPSLatitude": "48.4", "GPS:GPSLatitudeRef": "N",
            **_EXIF,
        },
        blocks="icc",
    ),
    "a manifest": Embedded({"XMP-dc:Subject": ["Oma"]}, blocks="manifest"),
}  # fmt: skip
"""By the name of what a media file holds."""

_DIGIKAM = packet(
    listed("digiKam:TagsList", "Ort/Ulm", "Leute/Oma", kind="Seq"),
    listed("lr:hierarchicalSubject", "Ort|Ulm", "Leute|Oma"),
    listed("dc:subject", "Ulm", "Oma"),
    languages("dc:description", x_default="Oma in Ulm", de_DE="Oma in Ulm"),
    languages("tiff:ImageDescription", x_default="Oma in Ulm"),
    languages("exif:UserComment", x_default="Oma in Ulm"),
    '<digiKam:CaptionsDateTimeStamps><rdf:Alt><rdf:li xml:lang="x-default">2020-01-01T00:00:00'
    "</rdf:li></rdf:Alt></digiKam:CaptionsDateTimeStamps>",
    attributes=' xmp:Rating="2" digiKam:PickLabel="3" xmp:CreatorTool="digiKam-7.9.0"',
    comment="<!-- a person wrote this comment -->\n",
)
_PLAIN = packet(listed("dc:subject", "Summer"), listed("lr:hierarchicalSubject", "Summer"))
_NO_WORDS = packet(*_CRS, attributes=_ATTRIBUTES, comment="<!-- edits of a picture -->")
_CAPTIONED = packet(
    languages("dc:description", fr="Mamie", de="Oma"),
    languages("Iptc4xmpCore:AltTextAccessibility", x_default="A human's"),
    listed("digiKam:TagsList", "Nur hier", kind="Seq"),
)

SIDECARS: Mapping[str, Mapping[str, str]] = {
    "none": {},
    "Lightroom's": {"replace": LIGHTROOM},
    "darktable's": {"append": DARKTABLE},
    "digiKam's": {"append": _DIGIKAM},
    "plain": {"append": _PLAIN},
    "edits only": {"replace": _NO_WORDS},
    "captions only": {"append": _CAPTIONED},
    "both": {"append": DARKTABLE, "replace": LIGHTROOM},
}
"""By the name of what stands beside: sidecars, by how each is named."""
