"""The clerk's one screen: find a customer, take money, take what is due, put a mistake right."""
