"""The application object; `python run.py` prepares the database and serves it."""

from app import create_app

app = create_app()

if __name__ == "__main__":
    from app.serve import serve

    serve(app)
