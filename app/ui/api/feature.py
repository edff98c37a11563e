"""The plug of the API's own document."""

from app.core.feature import Feature, Page
from app.ui.api.docs import ApiDocsView, docs_api

api = Feature(
    name="api",
    package=__package__ or "app.ui.api",
    apis=(docs_api,),
    pages=(Page(ApiDocsView),),
)
