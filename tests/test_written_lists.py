"""Several numbers in one field, as people write them."""

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..sync.written_lists import MOST_NUMBERS, MOST_WORDS, read_numbers, read_words


@tagged("post_install", "-at_install")
class TestWrittenLists(TransactionCase):
    def test_numbers_are_read_however_they_are_separated(self):
        for text, numbers in (
            ("", []),
            ("101", ["101"]),
            (" #101, 102;103\n104\t105 ", ["101", "102", "103", "104", "105"]),
            ("7, 3, 7, 007", ["7", "3"]),
            ("101-103", ["101", "102", "103"]),
            ("5 – 6, 6-7, 9-9", ["5", "6", "7", "9"]),
        ):
            with self.subTest(text):
                self.assertEqual(read_numbers(self.env, text), numbers)

    def test_what_is_no_number_is_named(self):
        for text, part in (
            ("101, 1O2, 103", "“1O2”"),
            ("0", "“0”"),
            ("-5", "“-5”"),
            ("5-", "“5-”"),
            ("1-2-3", "“1-2-3”"),
            ("105-101", "“105-101” runs backwards"),
            ("٣", "“٣”"),
        ):
            with self.subTest(text), self.assertRaisesRegex(UserError, part):
                read_numbers(self.env, text)

    def test_too_many_are_refused_before_they_are_counted_out(self):
        self.assertEqual(len(read_numbers(self.env, f"1-{MOST_NUMBERS}")), MOST_NUMBERS)
        for text in (f"1-{MOST_NUMBERS + 1}", "1, 1-9999999999"):
            with self.assertRaisesRegex(UserError, "1,000 numbers"):
                read_numbers(self.env, text)

    def test_skus_may_hold_blanks(self):
        self.assertEqual(
            read_words(self.env, "MUG 1, TEE-M\n\n MUG 1 ;7"), ["MUG 1", "TEE-M", "7"]
        )
        with self.assertRaises(UserError):
            read_words(self.env, ",".join(map(str, range(MOST_WORDS + 1))))
