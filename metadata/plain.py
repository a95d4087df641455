"""Read a sidecar in the one shape that captiond and ExifTool give to it: quick, and strict.

ExifTool reads every XMP document, at 10 to 20 ms each; this reads in less than one what captiond
itself had written and nobody else has touched since. Whatever has another shape, or holds a
property that captiond does not write, gives None and is left to ExifTool.
"""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from metadata import fields
from metadata.fields import Properties, Value
from metadata.spelling import canonical

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_META = "{adobe:ns:meta/}"
_WRITERS = ("Image::ExifTool", "captiond ")
_GROUPS = {
    "http://purl.org/dc/elements/1.1/": "XMP-dc:",
    "http://ns.adobe.com/tiff/1.0/": "XMP-tiff:",
    "http://ns.adobe.com/photoshop/1.0/": "XMP-photoshop:",
    "http://ns.adobe.com/lightroom/1.0/": "XMP-lr:",
    "http://www.digikam.org/ns/1.0/": "XMP-digiKam:",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "XMP-iptcCore:",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "XMP-iptcExt:",
    "urn:captiond:xmp:1.0:": fields.OURS,
}
_KNOWN = {
    *(fields.DESCRIPTION, fields.IMAGE_DESCRIPTION, fields.CAPTION_WRITER, fields.EXTENDED),
    *(fields.ALT_TEXT, fields.TRANSCRIPT, *fields.KEYWORDS),
}


class OtherShape(Exception):
    """The document is not of the shape that is read here."""


def plain(data: bytes) -> Properties | None:
    """Read the properties of a sidecar, in their normal spelling; None for another shape."""
    try:
        return _document(ElementTree.fromstring(data))
    except (OtherShape, ElementTree.ParseError):
        return None


def _document(root: Element) -> Properties:
    toolkit = root.get(f"{_META}xmptk", "")
    if root.tag != f"{_META}xmpmeta" or not toolkit.startswith(_WRITERS):
        raise OtherShape
    found: Properties = {fields.TOOLKIT: toolkit}
    for description in _only(root, "RDF"):
        if description.tag != f"{_RDF}Description" or set(description.attrib) - {f"{_RDF}about"}:
            raise OtherShape
        for element in description:
            found |= properties_of(element)
    return found


def properties_of(element: Element) -> Properties:
    """Read one property, in the normal spelling; raises OtherShape for what is not known here."""
    return _property(_name(element), element)


def _property(name: str, element: Element) -> Properties:
    if not len(element):
        return {name: _text(element)}
    (container,) = element if len(element) == 1 else (element,)
    if container.tag == f"{_RDF}Alt":
        return {f"{name}-{lang}": text for lang, text in _languages(container).items()}
    if container.tag in (f"{_RDF}Bag", f"{_RDF}Seq"):
        return {name: [_item(item) for item in container]}
    raise OtherShape


def _item(item: Element) -> Value:
    if item.attrib == {f"{_RDF}parseType": "Resource"}:
        struct: dict[str, Value] = {}
        for part in item:
            struct.update(_property(part.tag.rpartition("}")[2], part))
        return struct
    return _text(item)


def _languages(container: Element) -> dict[str, str]:
    said = {}
    for item in container:
        language = canonical(item.attrib.pop(_LANG, ""))
        if language is None:
            raise OtherShape
        said[language] = _text(item)
    return said


def _text(element: Element) -> str:
    if element.attrib or len(element):
        raise OtherShape
    return element.text or ""


def known_name(tag: str) -> str:
    """Name the property of an element as ExifTool does; nothing for what captiond never writes."""
    space, _, local = tag[1:].partition("}")
    name = _GROUPS.get(space, "") + local[:1].upper() + local[1:]
    return name if is_known(name) else ""


def is_known(name: str) -> bool:
    """Tell whether captiond writes a property, whatever language its name ends with."""
    group, _, rest = name.partition(":")
    return name.startswith(fields.OURS) or f"{group}:{rest.partition('-')[0]}" in _KNOWN


def _name(element: Element) -> str:
    name = known_name(element.tag)
    if element.attrib or not name:
        raise OtherShape
    return name


def _only(element: Element, name: str) -> Element:
    children = list(element)
    if [child.tag for child in children] != [_RDF + name]:
        raise OtherShape
    return children[0]
