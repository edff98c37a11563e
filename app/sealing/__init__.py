"""The room of sealed values: what the house keeps unreadable, and putting a new key to it."""
