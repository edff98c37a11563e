"""The plug of sealed values. They have no page: keys stand outside the database, and so does who changes them."""

from app.core.feature import Feature
from app.sealing.commands import sealed_group

sealing = Feature(name="sealing", package=__package__ or "app.sealing", commands=(sealed_group,))
