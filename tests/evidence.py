"""Evidence files created by the tests: PDF, office files, OFD, pictures, with and without text."""

import io
import zipfile
from collections.abc import Mapping

from PIL import Image
from pypdf import PdfWriter


def pdf(words: str, *, author: str = "", note: str = "") -> bytes:
    """Return a PDF with a page of ``words``, line by line; without any, with a drawing only, like a scan."""
    codes = {char: number for number, char in enumerate(dict.fromkeys(words.replace("\n", "")), start=1)}
    shown = ["".join(f"{codes[char]:04X}" for char in line) for line in words.split("\n")]
    table = "".join(f"<{number:04X}> <{char.encode('utf-16-be').hex()}>\n" for char, number in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(codes)} beginbfchar\n{table}endbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    draw = f"BT /F1 12 Tf 20 20 Td <{'> Tj 0 -14 Td <'.join(shown)}> Tj ET" if words else "0 0 9 9 re f"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"
        + (f"/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/T({author})/Contents({note})>>]>>" if note else ">>"),
        f"<</Length {len(draw)}>>stream\n{draw}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        "/DW 1000>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
    ]
    out = "%PDF-1.4\n"
    starts = []
    for number, content in enumerate(objects, start=1):
        starts.append(len(out))
        out += f"{number} 0 obj{content}endobj\n"
    table_at = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010d} 00000 n \n" for at in starts)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{table_at}\n%%EOF\n"
    if not author:
        return out.encode("ascii")
    writer = PdfWriter(io.BytesIO(out.encode("ascii")))
    writer.add_metadata({"/Author": author, "/Title": "甲"})
    return _written(writer)


def locked_pdf(words: str) -> bytes:
    """Return a PDF that asks for a password."""
    writer = PdfWriter(io.BytesIO(pdf(words)))
    writer.encrypt("secret", algorithm="RC4-128")
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip package of ``parts``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def docx(*runs: str, author: str = "", deleted: str = "", pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Return a docx of one paragraph with separately formatted ``runs``, as word processors create them."""
    text = "".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{run}</w:t></w:r>" for run in runs)
    change = f'<w:del w:author="{author}"><w:r><w:delText>{deleted}</w:delText></w:r></w:del>' if deleted else ""
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "docProps/core.xml": f"<cp:coreProperties><dc:creator>{author}</dc:creator></cp:coreProperties>",
            "docProps/app.xml": f"<Properties><Company>{author}</Company></Properties>",
            "word/document.xml": f"<w:document><w:body><w:p>{text}{change}</w:p></w:body></w:document>",
            **{f"word/media/{name}": raw for name, raw in (pictures or {}).items()},
        }
    )


def xlsx(*cells: str) -> bytes:
    """Return a workbook with ``cells`` as shared strings."""
    strings = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    return package({"xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": f"<sst>{strings}</sst>"})


def ofd(words: str) -> bytes:
    """Return an OFD, each letter a piece of its own."""
    codes = "".join(f"<ofd:TextCode>{char}</ofd:TextCode>" for char in words)
    return package({"OFD.xml": "<ofd:OFD/>", "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page>{codes}</ofd:Page>"})


def picture(kind: str, *, turned: int = 1, artist: str = "Photographer", located: bool = True) -> bytes:
    """Return a picture, 40 wide and 20 high, its left half blue, with EXIF: who took it, where, how it is turned."""
    drawn = Image.new("RGB", (40, 20), (255, 0, 0))
    drawn.paste((0, 0, 255), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112], exif[0x9C9D] = turned, artist.encode("utf-16-le")
    if located:
        exif.get_ifd(0x8825)[2] = (35.0, 47.0, 1.0)
    out = io.BytesIO()
    drawn.save(out, kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {}))
    return out.getvalue()
