"""Customers, their money and their account details, for programs."""

from app.customers.api.customers import customers_api
from app.customers.api.money import money_api
from app.customers.api.postings import postings_api

__all__ = ["customers_api", "money_api", "postings_api"]
