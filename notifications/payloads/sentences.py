"""The sentence of each problem: what is wrong and what to do. English here; the catalogues hold the others.

The key is the problem's code, which programs may rely on.
"""

from typing import Final


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translators; whoever shows it translates it."""
    return message


ERRORS: Final = {
    # The text is not a message at all.
    "not_utf8": gettext_noop("Send the message as UTF-8: it holds bytes that are not."),
    "not_json": gettext_noop("Correct the JSON: it can't be read at line %(line)s, column %(column)s."),
    "too_deep": gettext_noop("Nest less deeply: no message needs more than %(limit)s levels."),
    "duplicate_key": gettext_noop("Give “%(key)s” only once: it stands here several times."),
    "no_json_value": gettext_noop("Give text, a number, true or false, a list or an object here."),
    "bad_character": gettext_noop("Remove the null character or the broken half of a character (surrogate)."),
    "number_out_of_range": gettext_noop("Give an ordinary number here: this one is too large or is no number."),
    "null": gettext_noop("Give a value here, or leave the key out: null says nothing."),
    # The shape.
    "empty": gettext_noop("Give a text, an attachment, or both: the message is empty."),
    "missing": gettext_noop("Add “%(key)s”: it is required here."),
    "unknown_key": gettext_noop("Remove “%(key)s”: it is not known here. These are: %(keys)s."),
    "unknown_key_near": gettext_noop("“%(key)s” is not known here. Did you mean “%(near)s”?"),
    "unknown_choice": gettext_noop("Choose one of these here: %(choices)s."),
    "not_text": gettext_noop("Give a text here, in quotes."),
    "not_true_or_false": gettext_noop("Give true or false here, without quotes."),
    "not_whole_number": gettext_noop("Give a whole number here, without quotes, for example 2."),
    "not_number": gettext_noop("Give a number here, without quotes, for example 4.95."),
    "not_list": gettext_noop("Give a list here, in square brackets."),
    "not_object": gettext_noop("Give an object here, in braces."),
    "not_accepted": gettext_noop("Correct this value: it is not accepted here."),
    # Sizes.
    "blank": gettext_noop("Write something here: it is empty."),
    "too_long": gettext_noop("Shorten this to %(limit)s characters: it has %(length)s."),
    "too_few": gettext_noop("Add at least %(limit)s here: the list is empty."),
    "too_many": gettext_noop("Keep at most %(limit)s here: there are %(length)s."),
    "too_small": gettext_noop("Give %(limit)s or more here."),
    "too_large": gettext_noop("Give %(limit)s or less here."),
    "too_many_decimals": gettext_noop("Round this amount to %(limit)s decimals."),
    # What a value must look like.
    "placeholder": gettext_noop(
        "Write a placeholder as {{ first_name }} or {{ first_name|words if it is missing }}, its name in small "
        "letters, digits and _: “%(near)s” is none."
    ),
    "url_placeholder": gettext_noop(
        "Write out the website that the address leads to, up to the next /: a placeholder may stand only after it."
    ),
    "url_blanks": gettext_noop("Remove the spaces and line breaks from the address (URL)."),
    "url_scheme": gettext_noop("Begin the address (URL) with https:// or http://."),
    "url_host": gettext_noop("Name a website after https://: the address (URL) has none that is valid."),
    "https_needed": gettext_noop("Begin the address with https://: Messenger extensions need it."),
    "phone_number": gettext_noop(
        "Write the number with + and the country code, digits only, for example +33612345678."
    ),
    "currency": gettext_noop("Give the currency as three capital letters, for example EUR."),
    "country": gettext_noop("Give the country as two letters, for example FR."),
    "timestamp": gettext_noop("Give the time as seconds since 1970, as a text of digits, for example “1428444852”."),
    "card_with_title_only": gettext_noop("Add an image, a subtitle or a button: a card needs more than its title."),
    # Utility templates.
    "template_name": gettext_noop("Name the template in small letters, digits and _, for example order_shipped."),
    "template_language": gettext_noop("Give the language as Facebook writes it, for example fr or en_US."),
    "no_parameters": gettext_noop("Remove “%(key)s”: the template takes no parameters."),
    "parameter": gettext_noop(
        "Write a parameter as {{1}} or {{order_number}}, in two braces, its name in small letters, digits and _: "
        "“%(near)s” is none."
    ),
    "parameters_mixed": gettext_noop("Use numbers or names for the parameters, not both: Facebook rejects a mixture."),
    "parameters_in_order": gettext_noop("Number the parameters {{1}}, {{2}}, {{3}} in the order in which they stand."),
    "parameter_at_an_edge": gettext_noop("Put words before the first parameter and after the last one."),
    "few_words": gettext_noop(
        "Write at least %(limit)s words besides the parameters: there are %(length)s, and Facebook rejects a text that "
        "is mostly parameters."
    ),
    "header_parameters": gettext_noop("Keep at most %(limit)s parameter in the header: there are %(length)s."),
    "sample_missing": gettext_noop("Give a sample for %(key)s: Facebook's review needs one."),
    "sample_url": gettext_noop("Begin the sample with %(beginning)s and go on with what the parameter may stand for."),
    "template_url": gettext_noop(
        "Write the address in full: a parameter may stand only at its end, as {{1}}, after the website and a /."
    ),
    "template_payload": gettext_noop("A parameter may stand only at the end of the payload, as {{1}}."),
    "label_is_fixed": gettext_noop("Write the label out: Facebook puts nothing into it."),
}

WARNINGS: Final = {
    "long_text": gettext_noop("The guide advises at most %(limit)s characters: this text has %(length)s."),
    "http": gettext_noop("Prefer https:// here: Messenger may not show what comes over http://."),
    "image_ratio": gettext_noop(
        "Messenger shows images at 1.91:1 (for example 1200 × 628 pixels): this one, %(width)s × %(height)s, "
        "will be cropped or scaled."
    ),
    "image_aspect_ratio": gettext_noop("Facebook no longer documents this setting: it may have no effect."),
    "no_image": gettext_noop("No card has an image: Messenger shows them as plain boxes."),
    "some_without_image": gettext_noop("Add an image: this card has none, while others do."),
    "other_currency": gettext_noop("This line is in %(line)s, the receipt in %(receipt)s."),
    "subtotal": gettext_noop("The prices of the lines add up to %(lines)s, not to this subtotal of %(subtotal)s."),
    "unit_prices": gettext_noop(
        "The prices add up to %(lines)s, not to this subtotal of %(subtotal)s. Give the price of the whole line, "
        "not of one piece."
    ),
    "total": gettext_noop(
        "Subtotal, shipping and tax less the adjustments make %(expected)s, not this total of %(total)s."
    ),
}

SENTENCES: Final = ERRORS | WARNINGS
