"""The plug of the demo: one command, no page."""

from app.core.feature import Feature
from app.demo.commands import demo_group

demo = Feature(name="demo", package=__package__ or "app.demo", commands=(demo_group,))
