"""From what containers call a language (ISO 639-2, BCP 47, words) to BCP 47."""

import re

_TAG = re.compile(r"([a-z]{2,3})((?:-[a-z0-9]{1,8})*)", re.IGNORECASE)
_NONE = {"und", "mis", "mul", "zxx", "qaa"}
"""Undetermined, uncoded, several, no language, and the first of those for private use."""
_PAIRS = """
aar:aa abk:ab afr:af aka:ak alb:sq amh:am ara:ar arg:an arm:hy asm:as ava:av ave:ae aym:ay aze:az
bak:ba bam:bm baq:eu bel:be ben:bn bis:bi bod:bo bos:bs bre:br bul:bg bur:my cat:ca ces:cs cha:ch
che:ce chi:zh chu:cu chv:cv cor:kw cos:co cre:cr cym:cy cze:cs dan:da deu:de div:dv dut:nl dzo:dz
ell:el eng:en epo:eo est:et eus:eu ewe:ee fao:fo fas:fa fij:fj fin:fi fra:fr fre:fr fry:fy ful:ff
geo:ka ger:de gla:gd gle:ga glg:gl glv:gv gre:el grn:gn guj:gu hat:ht hau:ha heb:he her:hz hin:hi
hmo:ho hrv:hr hun:hu hye:hy ibo:ig ice:is ido:io iii:ii iku:iu ile:ie ina:ia ind:id ipk:ik isl:is
ita:it jav:jv jpn:ja kal:kl kan:kn kas:ks kat:ka kau:kr kaz:kk khm:km kik:ki kin:rw kir:ky kom:kv
kon:kg kor:ko kua:kj kur:ku lao:lo lat:la lav:lv lim:li lin:ln lit:lt ltz:lb lub:lu lug:lg mac:mk
mah:mh mal:ml mao:mi mar:mr may:ms mkd:mk mlg:mg mlt:mt mon:mn mri:mi msa:ms mya:my nau:na nav:nv
nbl:nr nde:nd ndo:ng nep:ne nld:nl nno:nn nob:nb nor:no nya:ny oci:oc oji:oj ori:or orm:om oss:os
pan:pa per:fa pli:pi pol:pl por:pt pus:ps que:qu roh:rm ron:ro rum:ro run:rn rus:ru sag:sg san:sa
sin:si slk:sk slo:sk slv:sl sme:se smo:sm sna:sn snd:sd som:so sot:st spa:es sqi:sq srd:sc srp:sr
ssw:ss sun:su swa:sw swe:sv tah:ty tam:ta tat:tt tel:te tgk:tg tha:th tib:bo tir:ti ton:to tsn:tn
tso:ts tuk:tk tur:tr twi:tw uig:ug ukr:uk urd:ur uzb:uz ven:ve vie:vi vol:vo wel:cy wln:wa wol:wo
xho:xh yid:yi yor:yo zha:za zho:zh zul:zu
"""
_SHORT = dict(pair.split(":") for pair in _PAIRS.split())


def language_tag(told: str | None) -> str | None:
    """Spell a language as BCP 47 (``eng`` is ``en``, ``pt-br`` is ``pt-BR``); None where unknown.

    ISO 639-2 wants the two letters wherever a language has such.
    """
    found = _TAG.fullmatch((told or "").strip().replace("_", "-"))
    if not found or found[1].lower() in _NONE:
        return None
    first = found[1].lower()
    return "-".join([_SHORT.get(first, first), *map(_part, found[2].split("-")[1:])])


def _part(part: str) -> str:
    """Spell scripts with a capital and regions in capitals, as is usual."""
    if len(part) == 2:
        return part.upper()
    return part.capitalize() if len(part) == 4 and part.isalpha() else part.lower()
