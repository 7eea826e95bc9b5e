"""Why a row or a whole file is not taken: one sentence for each code. Pure; whoever shows it translates it."""


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translators; whoever shows it translates it."""
    return message


# By `Refusal.code`; filled with `detail`.
REFUSALS = {
    # How the row is written.
    "broken": gettext_noop("The quotes or line breaks of this row are not in order."),
    "cells": gettext_noop("The row has another number of cells than the header: %(detail)s."),
    "cell_too_long": gettext_noop("A cell of the row is longer than 64 KB."),
    "control": gettext_noop("The cell under “%(detail)s” holds control characters."),
    # What it says.
    "id_empty": gettext_noop("There is no customer_id."),
    "id_too_long": gettext_noop("The customer_id is longer than 255 characters."),
    "id_unprintable": gettext_noop("The customer_id holds control or invisible characters."),
    "psid": gettext_noop("The Facebook id (PSID) consists of 1 to 64 digits, not “%(detail)s”."),
    "agreed_missing": gettext_noop("It does not say when the person agreed."),
    "agreed_form": gettext_noop("“%(detail)s” is no time that can be read. Write 2026-11-23T14:05:00+01:00."),
    "agreed_later": gettext_noop("The time of the agreement lies in the future: %(detail)s."),
    "expires_form": gettext_noop(
        "“%(detail)s” is no time of expiry that can be read. Write 2026-11-23T14:05:00+01:00."
    ),
    "expired": gettext_noop("The agreement expired: %(detail)s."),
    "state": gettext_noop("The state is active, revoked or expired, not “%(detail)s”."),
    "not_active": gettext_noop("The row itself says that the agreement is over: %(detail)s."),
    "purpose": gettext_noop("The purpose is transactional, alert or marketing, not “%(detail)s”."),
    "purpose_wider": gettext_noop("The site's pattern “%(detail)s” does not allow this purpose."),
    "lifetime": gettext_noop("The lifetime is durable or temporary, not “%(detail)s”."),
    "used_up": gettext_noop("Say yes or no under used_up, not “%(detail)s”."),
    "proof_missing": gettext_noop(
        "It does not say how the person agreed, and no sentence was given for the whole file."
    ),
    "attribute": gettext_noop("The attribute “%(detail)s” is too long."),
    "attributes": gettext_noop("The customer would have more than 50 attributes."),
    "repeated": gettext_noop("The same customer_id stands in line %(detail)s already."),
    # What is known of the person.
    "held": gettext_noop("Another person holds this customer_id. The conflict is in the consent log."),
    "taken_back": gettext_noop("The customer has withdrawn the agreement. Only the customer can agree again."),
    "erased": gettext_noop("The customer was erased. Only the customer can agree again, in Messenger."),
    "stopped": gettext_noop("The person wrote STOP after this agreement."),
    "over": gettext_noop("This agreement has ended since, and the row tells of no newer one."),
}

# By `CannotImport.code` and `Import.error`; filled with what stands between the brackets.
FILES = {
    "empty": gettext_noop("The file is empty."),
    "too_big": gettext_noop("The file is larger than %(limit)s MB. Cut it in two, each with the header."),
    "spreadsheet": gettext_noop("This is a spreadsheet, not a CSV file. Save it as “CSV UTF-8” and give that file."),
    "compressed": gettext_noop("This file is compressed. Unpack it and give the CSV file inside."),
    "not_text": gettext_noop("This is no text: line %(line)s can't be read. Save the file as “CSV UTF-8”."),
    "mixed": gettext_noop("Line %(line)s is not UTF-8 as the lines before it are. Save the whole file as “CSV UTF-8”."),
    "no_header": gettext_noop("The first row has to name the columns; %(missing)s is missing."),
    "column_twice": gettext_noop("Two columns mean “%(name)s”. Keep one of them."),
    "attribute_name": gettext_noop(
        "“%(name)s” is no name of an attribute. Write it in small letters, digits and _: attribute.first_name."
    ),
    "many_attributes": gettext_noop("Keep at most %(most)s columns of attributes."),
    "no_rows": gettext_noop("There is nothing behind the header."),
    "quote_open": gettext_noop("The quote that opens in line %(line)s is not closed."),
    "row_too_long": gettext_noop(
        "The row that begins in line %(line)s is longer than %(limit)s KB. Is a quote in it not closed?"
    ),
    "gone": gettext_noop("The uploaded file is no longer there. Upload it again."),
    "proof_too_long": gettext_noop("Shorten the sentence of proof to %(limit)s characters."),
}
