"""The pages of broadband: a service and what is done with it, opening one, a document, and a customer's panel."""
