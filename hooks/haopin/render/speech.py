"""How a reader of one language is spoken to: labels, texts of records, what is not translated yet."""

from collections.abc import Callable, Iterable, Mapping
from html import escape

from markupsafe import Markup

from haopin.render.labels import Label, Labels
from haopin.render.markdown import Lead, rich, with_originals
from haopin.text import LANGUAGE_TAGS, LANGUAGES, Language, Text, Wording

#: Class of what a page shows in the other language.
UNTRANSLATED = "hp-untranslated"


class Speech:
    """The words of one language."""

    def __init__(self, language: Language, labels: Mapping[str, Label]) -> None:
        """Prepare the labels."""
        self.language = language
        self.labels = {each: Labels(labels, each) for each in LANGUAGES}
        self.t = self.labels[language]

    def both(self, key: str) -> Text:
        """Return the label ``key``, which needs no values, in both languages."""
        return Text(zh=self.labels["zh"](key), en=self.labels["en"](key))

    def show(self, text: Text | Wording) -> str:
        """Return ``text`` in this language as a reader sees it."""
        return text.show(self.language)

    def say(self, text: Text | Wording) -> Markup | str:
        """Return ``text`` as a reader sees it, marked as the other language if it is not translated yet."""
        if isinstance(text, Text) or (shown := text.language(self.language)) == self.language:
            return text.show(self.language)
        words = escape(text.show(self.language))
        return Markup(f'<span class="{UNTRANSLATED}" lang="{LANGUAGE_TAGS[shown]}">{words}</span>')

    def listed(self, texts: Iterable[Text | Wording]) -> str:
        """Return ``texts`` in a row. Names have commas of their own, so English puts semicolons between them."""
        gap = "" if self.language == "zh" else " "
        return (self.t("list.separator") + gap).join(map(self.show, texts))

    def rich(
        self, text: Text | Wording, root: str, converted: Callable[..., Markup] = rich, lead: Lead | None = None
    ) -> Markup:
        """Return ``text`` as HTML, marked as the other language if it is not translated yet.

        Args:
            text: Its Markdown.
            root: Way from the page to the root of the language, for links.
            converted: What makes HTML of Markdown.
            lead: Where links lead; None if every address of this site is one.
        """
        shown = self.language if isinstance(text, Text) else text.language(self.language)
        words = (text.zh if shown == "zh" else text.en) or ""
        html = converted(words, root, lead, chinese=shown == "zh")
        html = html if shown == "zh" else with_originals(html)
        if shown == self.language:
            return html
        return Markup(f'<div class="{UNTRANSLATED}" lang="{LANGUAGE_TAGS[shown]}">{html}</div>')
