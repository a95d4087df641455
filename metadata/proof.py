"""Whether a packet that ExifTool wrote says what was wanted, without asking ExifTool again. Pure.

To read back what was written takes ExifTool longer than to write it. Here the packet before and
the one after are compared element by element: what captiond writes has to be there as wanted, and
everything of others has to be the same. Where that is not shown, whatever the reason, ExifTool is
asked; a proof is never needed for being right, only for being quick.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from metadata.fields import Properties
from metadata.plain import OtherShape, is_known, known_name, properties_of

Told: TypeAlias = "str | tuple[str, list[Told]] | dict[str, Told]"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ABOUT, _RESOURCE, _PARSED = f"{_RDF}about", f"{_RDF}resource", f"{_RDF}parseType"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LISTS = {f"{_RDF}{kind}" for kind in ("Bag", "Seq", "Alt")}
_DESCRIPTION = f"{_RDF}Description"
_PADDING = b"\0 \t\r\n"


def proves(before: Sequence[bytes], after: Sequence[bytes], wanted: Properties) -> bool:
    """Tell whether *after* is one packet that says *wanted*, and of others what *before* said.

    Of *wanted* only what captiond writes is looked at.
    """
    if len(after) != 1 or len(before) > 1:
        return False
    try:
        ours, theirs = _parted(after[0])
        told = _parted(before[0])[1] if before else {}
        said = _read(ours)
    except (OtherShape, ElementTree.ParseError):
        return False
    return theirs == told and said == {n: v for n, v in wanted.items() if v and is_known(n)}


def _parted(packet: bytes) -> tuple[list[Element | str], dict[str, Told]]:
    """Part what captiond writes from what others wrote."""
    ours: list[Element | str] = []
    theirs: dict[str, Told] = {}
    for name, value in _top(ElementTree.fromstring(packet.strip(_PADDING))):
        if known_name(name):
            ours.append(value)
        elif name in theirs:
            raise OtherShape
        else:
            theirs[name] = _told(value) if isinstance(value, Element) else value
    # an empty list says nothing, and ExifTool keeps none
    return ours, {name: told for name, told in theirs.items() if not _is_empty(told)}


def _is_empty(told: Told) -> bool:
    return isinstance(told, tuple) and not told[1]


def _read(elements: Iterable[Element | str]) -> Properties:
    """Read what captiond writes; another shape than its own is not read here."""
    said: Properties = {}
    for element in elements:
        if isinstance(element, str):
            raise OtherShape
        said |= properties_of(element)
    return said


def _top(root: Element) -> Iterator[tuple[str, Element | str]]:
    """Walk the properties of a packet: elements, or attributes of what holds them."""
    for rdf in root.iter(f"{_RDF}RDF"):
        for description in rdf:
            if description.tag != _DESCRIPTION or _is_mixed(description):
                raise OtherShape
            yield from ((n, v) for n, v in description.attrib.items() if n != _ABOUT)
            yield from ((element.tag, element) for element in description)


def _told(element: Element) -> Told:
    """Say what an element tells, however it is spelled (XMP part 1, section 7)."""
    kept = {name: value for name, value in element.attrib.items() if name != _PARSED}
    if element.get(_PARSED, "Resource") != "Resource" or _is_mixed(element):
        raise OtherShape
    if len(element) == 1 and element[0].tag in _LISTS:
        return _with(kept, (element[0].tag, [_told(item) for item in element[0]]))
    if len(element) == 1 and element[0].tag == _DESCRIPTION:
        return _struct({**kept, **element[0].attrib}, element[0])
    if len(element) or _PARSED in element.attrib or kept.keys() - {_LANG, _RESOURCE}:
        return _struct(kept, element)
    return _with(kept, element.text or "")


def _struct(attributes: Mapping[str, str], parts: Element) -> Told:
    told: dict[str, Told] = {n: v for n, v in attributes.items() if n != _ABOUT}
    for part in parts:
        if part.tag in told:
            raise OtherShape
        told[part.tag] = _told(part)
    return told


def _with(attributes: Mapping[str, str], told: Told) -> Told:
    return {**attributes, "": told} if attributes else told


def _is_mixed(element: Element) -> bool:
    texts = (element.text, *(part.tail for part in element))
    return len(element) > 0 and any(text and not text.isspace() for text in texts)
