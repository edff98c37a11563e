"""What the room adds to the instructions that a shop starts with."""

from app.broadband.feature import broadband
from app.shop.help import LOCALES, blocks, starting_text, text_in
from app.shop.queries import help_page


def test_the_instructions_tell_how_broadband_is_worked_with(app, clerk):
    page = clerk.get("/help").text
    assert "Broadband: to take a payment</h2>" in page
    assert page.index("To serve a customer") < page.index("Broadband: to open a service")


def test_they_say_the_same_in_every_language_and_only_where_the_room_is_open(app):
    texts = {locale: text_in(broadband.help_texts, locale) for locale in LOCALES}
    assert len({tuple((block.kind, len(block.lines)) for block in blocks(text)) for text in texts.values()}) == 1
    for locale, text in texts.items():
        assert help_page(locale).body.endswith(text)
        assert text not in starting_text(locale)
