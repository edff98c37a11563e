"""Why a whole file is refused. What is wrong with single rows stands in their report (wording.py)."""

from app.core.errors import N_, Refused


class BadFile(Refused):
    """The file cannot be taken over as it is; nothing was kept of it."""

    code = "bad-file"
    sentence = N_("This file cannot be read.")
    is_frozen = False


class NotAList(BadFile):
    code = "not-a-list"
    sentence = N_("This is neither an Excel workbook (.xlsx) nor a CSV file.")


class OldWorkbook(BadFile):
    code = "old-workbook"
    sentence = N_("This is an old Excel file (.xls). Open it and save it as .xlsx.")


class Encrypted(BadFile):
    code = "encrypted"
    sentence = N_("The workbook has a password. Save it without one.")


class Damaged(BadFile):
    code = "damaged"
    sentence = N_("The workbook is damaged. Open it in Excel and save it again.")


class Empty(BadFile):
    code = "empty"
    sentence = N_("The file has no rows.")


class TooLarge(BadFile):
    code = "too-large"
    sentence = N_("The file is too large: at most %(megabytes)s MB can be read.")


class Bomb(BadFile):
    code = "unpacks-too-large"
    sentence = N_("The workbook unpacks to more than can be read.")


class TooWide(BadFile):
    code = "too-wide"
    sentence = N_("Row %(line)s has more than %(columns)s columns.")


class LineTooLong(BadFile):
    code = "line-too-long"
    sentence = N_("Row %(line)s is too long.")


class OpenQuote(BadFile):
    code = "open-quote"
    sentence = N_("A quotation mark at or before row %(line)s is out of place.")


class NoPhoneColumn(BadFile):
    code = "no-phone-column"
    sentence = N_("No column with the phone numbers was found. Say which one it is. Columns: %(columns)s")


class TwoColumns(BadFile):
    code = "two-columns"
    sentence = N_("Two columns could be the same field: %(columns)s. Say which one counts.")


class MoneyColumnLeft(BadFile):
    code = "money-column-left"
    sentence = N_("No column was taken as the balance, but these may hold money: %(columns)s. Say what they are.")


class BadMapping(BadFile):
    code = "bad-mapping"
    sentence = N_("The mapping does not fit this file: %(name)s. Columns: %(columns)s. Fields: %(fields)s")


class ListChanged(Refused):
    """Between the check and the taking over something happened to the customers or to this list."""

    code = "list-changed"
    sentence = N_("Customers have changed since the list was checked. Check it again.")
    is_frozen = False


class RowsRefused(Refused):
    code = "rows-refused"
    sentence = N_("%(rows)s rows are refused, so nothing was taken over. Correct the file and start again.")
    is_frozen = False


class NotReady(Refused):
    code = "import-not-ready"
    sentence = N_("This list is not ready for that, or is being worked on.")
    is_frozen = False


class Interrupted(BadFile):
    code = "interrupted"
    sentence = N_("The work stopped half way. Nothing was taken over.")
