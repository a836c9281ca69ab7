"""A photograph at the desk: dropped in, checked, kept in its folder."""

from io import BytesIO
from pathlib import Path

from desk import Visitor
from PIL import Image
from support import copy_county


def test_a_photograph_is_dropped_in(tmp_path: Path) -> None:
    """The picture is kept in its folder under a name that can be used; what is no picture is refused at its field."""
    project = copy_county(tmp_path / "county")
    content = BytesIO()
    Image.new("RGB", (1200, 800), "green").save(content, "JPEG")
    clerk = Visitor(project)
    values = {
        "date": "2030-01-20",
        "alt.zh": "绿色的田野",
        "alt.en": "a green field",
        "caption.zh": "田野",
        "caption.en": "A field",
        "credit.zh": "某局",
        "credit.en": "A bureau",
        "rights.zh": "拍摄者同意公布",
        "rights.en": "published with consent",
        "source.zh": "某局",
        "source.en": "A bureau",
    }
    wrong = {"upload": ("田野 1.jpg", b"MZ", "image/jpeg")}
    said = clerk.fill("/records/photograph/new", values, status=422, files=wrong).text
    assert "田野-1.jpg”的内容不是 jpg 文件" in said and 'data-said="picture"' in said
    good = {"upload": ("田野 1.JPEG", content.getvalue(), "image/jpeg")}
    clerk.fill("/records/photograph/new", values, files=good)
    assert (project / "data/photographs/田野-1.jpg").read_bytes() == content.getvalue()
    assert "picture: 田野-1.jpg" in (project / "data/photographs.yml").read_text("utf-8")
    clerk.desk.close()
