"""What is wrong with a row, and what was passed over: messages with named figures, translated by who shows them."""

from app.core.errors import N_

REASONS: dict[str, str] = {
    "phone-missing": N_("The phone number is missing."),
    "bad-phone": N_("This is not a phone number."),
    "lost-digits": N_("The spreadsheet has dropped digits. Set the column to text and enter the number again."),
    "duplicate": N_("Row %(line)s has the same."),
    "exists": N_("A customer has this already."),
    "reserved-number": N_("Numbers of this form are given by the system."),
    "bad-amount": N_("This is not an amount."),
    "too-many-decimals": N_("The amount has more than two decimals."),
    "negative-amount": N_("A balance below zero cannot be taken over."),
    "amount-too-large": N_("The amount is too large."),
    "too-long": N_("The text is too long."),
    "bad-date": N_("This is not a day that has been."),
    "bad-email": N_("This is not an e-mail address."),
    "unknown-type": N_("There is no such type of customer."),
    "unknown-gender": N_("This is not a gender that can be kept."),
    "unknown-language": N_("This is not a language that customers are written to in."),
    "formula": N_("The formula has no value in the file. Open it in Excel and save it again."),
    "error-value": N_("The spreadsheet shows an error here."),
}
NOTES: dict[str, str] = {
    "empty_rows": N_("Empty rows that were passed over: %(count)s."),
    "totals_rows": N_("Rows of totals were passed over: %(lines)s."),
    "total_differs": N_("Row %(line)s states a total of %(said)s; the balances above it make %(found)s."),
    "named_by_phone": N_("Rows without a name, whose phone number is taken for one: %(count)s."),
    "columns_left": N_("These columns are not taken over: %(columns)s."),
    "sheets_left": N_("These sheets are not read: %(sheets)s."),
    "no_balance": N_("No column holds balances: every customer begins with zero."),
}
