"""What Flask-AppBuilder leaves open, repaired once: views, interface, look, languages, errors."""

from flask import Blueprint, Flask
from flask_bootstrap import Bootstrap5

from app.ui import addresses, errors, formats, headers, languages, layout


def install(app: Flask) -> None:
    """Dress the application. Called before the AppBuilder is made, so that our templates come first."""
    app.register_blueprint(
        Blueprint("ui", __name__, template_folder="templates", static_folder="static", static_url_path="/static/ui")
    )
    Bootstrap5(app)
    headers.install(app)
    addresses.install(app)
    languages.translate_forms()
    errors.install(app)
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(layout.GLOBALS, html_lang=languages.html_lang, language_tags=languages.TAGS)
