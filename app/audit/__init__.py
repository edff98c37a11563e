"""Operation records: who changed what, when and from where, with the values before and after."""
