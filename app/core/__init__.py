"""The ground floor: no room and no business word lives here."""
