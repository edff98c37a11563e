"""What gunicorn serves in a benchmark: the product, and beside it /hello, a bare route of a bare Flask."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from run import app

hello = Flask("hello")


@hello.get("/")
def say_hello() -> str:
    return "hello\n"


@app.get("/bench/hello")
def say_hello_here() -> str:
    """The same inside the product: what every request of it pays for sessions, languages and headers."""
    return "hello\n"


app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/hello": hello})  # type: ignore[method-assign]
