"""Rules on photographs: their files, their texts, and what they show."""

import re
from collections.abc import Iterator

from haopin.check.entries import RecordIndex, no_such
from haopin.load.folder import SAMPLES, photograph_file
from haopin.load.pictures import FORMATS, MOST_PIXELS
from haopin.model import KINDS
from haopin.model.photograph import PHOTOGRAPH, Photograph
from haopin.model.publishable import Withdrawal
from haopin.privacy.redaction import latest_names
from haopin.problem import Place, Problem, problem

#: Least width of a photograph in pixels; largest file in bytes.
LEAST_WIDTH, LARGEST_FILE = 640, 20_000_000
_MEGABYTE = 1_000_000


def photographs_have_pictures(entries: RecordIndex) -> Iterator[Problem]:
    """Each photograph has its file, and each file is that of a photograph."""
    pictures, used = entries.dataset.pictures, set[str]()
    for photograph, place in entries.of(Photograph):
        file = photograph_file(photograph.picture, sample=place.file.startswith(SAMPLES))
        used.add(file)
        if file not in pictures:
            folder = file.removesuffix(photograph.picture)
            near = [name.removeprefix(folder) for name in pictures if name.startswith(folder)]
            yield no_such(photograph.picture, near, place.at("picture"), "照片文件", "photograph file")
    for file in sorted(pictures.keys() - used) if entries.is_whole(Photograph) else ():
        yield problem(
            Place(file, mark=(1, 1)),
            "没有记录用到这张照片,它不会公开;请在 photographs.yml 写一条,或移走",
            "no record uses this photograph, so it is not published; write its record in photographs.yml, or move it "
            "away",
            severity="warning",
        )


def pictures_can_be_shown(entries: RecordIndex) -> Iterator[Problem]:
    """The file of each photograph is a whole picture of its type, neither too large nor too small."""
    for file, picture in sorted(entries.dataset.pictures.items()):
        place = Place(file, mark=(1, 1))
        if picture.bytes > LARGEST_FILE or picture.width * picture.height > MOST_PIXELS:
            yield problem(
                place,
                "照片太大({size} MB、{width}×{height} 像素),最多 {most} MB、{wan} 万像素;请缩小后另存",
                "the photograph is too large ({size} MB, {width}×{height} pixels; the limits are {most} MB and "
                "{pixels} million pixels); save a smaller one",
                size=-(-picture.bytes // _MEGABYTE),
                width=picture.width,
                height=picture.height,
                most=LARGEST_FILE // _MEGABYTE,
                pixels=MOST_PIXELS // _MEGABYTE,
                wan=MOST_PIXELS // 10_000,
            )
        elif not picture.is_whole:
            yield problem(
                place,
                "打不开这张照片:不是 {type} 图片(可能只改了扩展名),或文件不完整;请重新另存为 {type}",
                "this photograph cannot be opened: it is no {type} picture (perhaps only its name was changed), or the "
                "file is incomplete; save it as {type} again",
                type=FORMATS[picture.path.suffix[1:]],
            )
        elif picture.width < LEAST_WIDTH:
            yield problem(
                place,
                "照片太小(宽 {width} 像素),至少 {least} 像素;请用原图,不要放大",
                "the photograph is too small ({width} pixels wide; at least {least}); use the original, do not enlarge",
                width=picture.width,
                least=LEAST_WIDTH,
            )


def photographs_are_described(entries: RecordIndex) -> Iterator[Problem]:
    """The text for those who cannot see a photograph says what is in it, in each language of the caption."""
    for photograph, place in entries.of(Photograph):
        file = _words(photograph.picture.rpartition(".")[0])
        captions = dict(photograph.caption.each())
        for language, alt in photograph.alt.each():
            if _words(alt) in (_words(captions.get(language, "")), file, _words(photograph.picture)):
                yield problem(
                    place.at("alt", language),
                    "替代文字与图片说明或文件名相同;请写画面上有什么,如“三名检验员在实验台前称量样品”",
                    "this repeats the caption or the name of the file; say what is in the picture, such as “Three "
                    "inspectors weigh samples at a bench”",
                )
        for language in captions.keys() - dict(photograph.alt.each()).keys():
            yield problem(
                place.at("alt"),
                "图片说明有“{language}”,替代文字没有,请补上",
                "the caption has “{language}” and this has not; add it",
                severity="warning",
                language=language,
            )


def photographs_are_published_after_they_were_taken(entries: RecordIndex) -> Iterator[Problem]:
    """No photograph is published before the day on which it was taken."""
    for photograph, place in entries.of(Photograph):
        if photograph.taken and photograph.taken > photograph.date:
            yield problem(
                place.at("taken"),
                "拍摄日期“{taken}”晚于公布日期“{date}”,请核对",
                "taken on “{taken}”, after its publication on “{date}”; check both",
                taken=photograph.taken,
                date=photograph.date,
            )


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def photographs_show_records(entries: RecordIndex) -> Iterator[Problem]:
    """What a photograph shows are records that have a page."""
    paged = {kind.name for kind in KINDS if kind.page and kind is not PHOTOGRAPH}
    records = {f"{e.kind.name}/{e.record.id}": e.record for e in entries.all if e.kind.name in paged}
    for photograph, place in entries.of(Photograph):
        for index, name in enumerate(photograph.shows):
            if name in records:
                if records[name].sample and not photograph.sample:
                    yield problem(
                        place.at("shows", index),
                        "“{id}”是示例,真实的记录不能引用它",
                        "“{id}” is a sample, which a real record cannot name",
                        id=name,
                    )
            elif not entries.dataset.incomplete:
                yield no_such(name, records, place.at("shows", index), "有页面的记录", "record with a page")


def photographs_were_looked_at(entries: RecordIndex) -> Iterator[Problem]:
    """A photograph is approved after the latest withdrawal of a name, which no program finds in a picture."""
    withdrawals = [withdrawal for withdrawal, _ in entries.of(Withdrawal)]
    for photograph, place in entries.of(Photograph):
        latest = latest_names(w for w in withdrawals if photograph.sample or not w.sample)
        if latest and photograph.approved and photograph.approved.date < latest:
            zh = "审核({approved})以后撤下了名称({latest}),照片现在不公开;请看一遍画面上有没有,没有就重新审核"
            en = (
                "a name was withdrawn ({latest}) after this was approved ({approved}), and the photograph is not "
                "published now; check the picture for the name, and if it is not there, approve it again"
            )
            yield problem(
                place.at("approved", "date"),
                zh + "(haopin approve photograph/{id})",
                en + " (haopin approve photograph/{id})",
                severity="warning",
                desk=(zh, en),
                approved=photograph.approved.date,
                latest=latest,
                id=photograph.id,
            )
