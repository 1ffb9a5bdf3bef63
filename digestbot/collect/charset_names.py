"""What charsets are called in feeds and on servers, and what Python calls them."""

from __future__ import annotations

import re
from typing import Final

# Charsets whose name is used for a larger one (WHATWG Encoding Standard), and names that Python does not know.
_NAMES: Final = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "iso-latin-1", "us-ascii", "ascii", "ansi"), "cp1252"),
    **dict.fromkeys(("iso-8859-11", "tis-620"), "cp874"), "iso-8859-9": "cp1254",
    **dict.fromkeys(("gbk", "chinese", "csgb2312", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "csshiftjis", "ms_kanji"), "cp932"),
    **dict.fromkeys(("euc-kr", "korean", "cseuckr", "csksc56011987", "iso-ir-149"), "cp949"),
    **dict.fromkeys(("big5", "x-x-big5", "cn-big5", "csbig5"), "big5hkscs"),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "cseucpkdfmtjapanese"), "euc_jis_2004"),
    **dict.fromkeys(("koi", "koi8"), "koi8-r"), "koi8-ru": "koi8-u",
    **dict.fromkeys(("visual", "logical"), "iso-8859-8"), "sun_eu_greek": "iso-8859-7", "csisolatin9": "iso-8859-15",
    **dict.fromkeys(("mac", "csmacintosh"), "macintosh"), "x-mac-ukrainian": "x-mac-cyrillic",
}  # fmt: skip
# Names of one charset in many spellings: windows-874, dos-874, win1251, cp-1251; iso88592, iso_8859-6-i; ks_c_5601-1989, gb_2312-80.
_PAGE: Final = re.compile(r"(?:windows|win|dos|cp|x-cp)[-_ ]?(?:cp)?(\d{3,4})")
_ISO: Final = re.compile(r"(?:cs)?iso[-_ ]?8859[-_ ]?(\d\d?)(?:[-_]?[ei])?(?::\d+)?")
_BEGINNINGS: Final = (
    ("gb_2312", "gb18030"),
    ("gb2312", "gb18030"),
    ("ks_c_5601", "cp949"),
    ("ksc5601", "cp949"),
    ("ksc_5601", "cp949"),
)
_UTF_8: Final = re.compile(r"(?:x-)?unicode(?:-1-1-|11|20)utf-?8|utf-?8(?:mb\d|-?bom|n)|cp65001")


def codec_of(name: str) -> str:
    """Python's name, or a likely one, of the charset that is called so, in lower case."""
    if name in _NAMES:
        return _NAMES[name]
    for beginning, codec in _BEGINNINGS:
        if name.startswith(beginning):
            return codec
    if _UTF_8.fullmatch(name):
        return "utf-8"
    if page := _PAGE.fullmatch(name):
        return f"cp{page[1]}"
    if part := _ISO.fullmatch(name):
        spelt = f"iso-8859-{part[1]}"
        return _NAMES.get(spelt, spelt)
    return name


def is_of_seven_bits(name: str) -> bool:
    """Whether it writes all letters in those of ASCII, so that a text in it passes for one in ASCII."""
    return name.startswith(("iso-2022", "hz", "utf-7"))
