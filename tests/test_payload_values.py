from datetime import datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..client.errors import ProtocolError
from ..client.payloads import values
from ..client.payloads.amounts import Amounts

NOTHING = (None, "", {}, [], " ")
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=30)
    | st.sampled_from(["2026-01-15", "0000-00-00", "1E+5", "-0", "true", "²", "1_0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "url", "resource", "x"]), inner)
    ),
    max_leaves=6,
)
READERS = (
    values.read_child,
    values.read_rows,
    values.read_text,
    values.read_id,
    values.read_required_id,
    values.read_ids,
    values.read_decimal,
    values.read_optional_decimal,
    values.read_integer,
    values.read_flag,
    values.read_moment,
)


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


@tagged("post_install", "-at_install")
class TestReaders(BaseCase):
    def assertRefuses(self, reader, value):
        with self.subTest(value=value), self.assertRaises(ProtocolError) as caught:
            reader({"field": value}, "field")
        self.assertIn("'field'", str(caught.exception))

    def test_every_spelling_of_nothing_is_nothing(self):
        empty = {
            values.read_child: {},
            values.read_rows: [],
            values.read_text: "",
            values.read_id: "",
            values.read_ids: (),
            values.read_decimal: 0,
            values.read_optional_decimal: None,
            values.read_integer: 0,
            values.read_flag: False,
            values.read_moment: None,
        }
        for reader, expected in empty.items():
            for raw in ({}, *({"field": nothing} for nothing in NOTHING)):
                with self.subTest(reader=reader.__name__, raw=raw):
                    self.assertEqual(reader(raw, "field"), expected)

    @settings(max_examples=400, deadline=None)
    @given(ANYTHING)
    def test_a_value_is_read_or_refused_by_name(self, value):
        for reader in READERS:
            try:
                reader({"field": value}, "field")
            except ProtocolError as error:
                self.assertIn("'field'", str(error))

    def test_amounts_keep_every_digit(self):
        spellings = {
            "236.9667": "236.9667",
            " 12.50 ": "12.50",
            "-3": "-3",
            ".5": "0.5",
            "1e2": "1E+2",
            12: "12",
            0.1: "0.1",
            Decimal("19.9900"): "19.9900",
        }
        for raw, expected in spellings.items():
            with self.subTest(raw=raw):
                self.assertEqual(
                    str(values.read_decimal({"field": raw}, "field")), expected
                )

    def test_what_is_no_amount_is_refused(self):
        for value in (
            "1,234.50", "12.5 USD", "NaN", "Infinity", "1_000", "٣", "0x1F", "1e999",
            float("nan"), Decimal("Infinity"), Decimal("1e99"), True, [1], {"a": 1},
        ):  # fmt: skip
            self.assertRefuses(values.read_decimal, value)

    def test_whole_numbers_are_read_and_fractions_refused(self):
        for raw in (11, "11", "11.0000", Decimal("11.0"), 11.0):
            self.assertEqual(values.read_integer({"field": raw}, "field"), 11)
        self.assertRefuses(values.read_integer, "1.5")

    def test_ids_are_text_however_large(self):
        for raw, expected in {
            5_000_000_000: "5000000000",
            "5000000000": "5000000000",
            Decimal("519.0"): "519",
            519.0: "519",
            " a8458391-ef68 ": "a8458391-ef68",
            0: "",
            "0": "",
        }.items():
            self.assertEqual(values.read_id({"field": raw}, "field"), expected)
        self.assertRefuses(values.read_id, True)

    def test_zero_is_an_id_where_it_means_something(self):
        for raw in (0, "0"):
            read = values.read_id({"field": raw}, "field", zero_is_none=False)
            self.assertEqual(read, "0")

    def test_a_record_without_its_id_is_refused(self):
        for value in (*NOTHING, 0):
            self.assertRefuses(values.read_required_id, value)

    def test_text_is_trimmed_and_free_of_what_no_database_takes(self):
        raw = {"first": " ", "second": "  S-\0GREE\ud800N ", "number": Decimal("7")}
        self.assertEqual(values.read_text(raw, "first", "second"), "S-GREEN")
        self.assertEqual(values.read_text(raw, "number"), "7")
        self.assertRefuses(values.read_text, {"a": "b"})
        self.assertRefuses(values.read_text, False)

    def test_flags_are_read_in_every_spelling_and_nothing_else_is_one(self):
        for raw in (True, 1, "1", "true", "TRUE"):
            self.assertTrue(values.read_flag({"field": raw}, "field"))
        for raw in (False, 0, "0", "false"):
            self.assertFalse(values.read_flag({"field": raw}, "field"))
        self.assertRefuses(values.read_flag, "perhaps")
        self.assertRefuses(values.read_flag, 2)

    def test_rows_are_read_and_links_are_none(self):
        link = {"url": "https://x", "resource": "/orders/1/products"}
        for raw in (link, [link], [None, {}]):
            self.assertEqual(values.read_rows({"field": raw}, "field"), [])
        self.assertEqual(values.read_rows({"field": [{"id": 1}]}, "field"), [{"id": 1}])
        for raw in ({"id": 1}, "text", [1], [[1]]):
            self.assertRefuses(values.read_rows, raw)

    def test_dates_are_read_in_every_spelling_seen(self):
        expected = utc(2026, 4, 28, 13, 6, 44)
        for raw in (
            "Tue, 28 Apr 2026 13:06:44 +0000",
            "28 Apr 2026 13:06:44 +0000",
            "Tue, 28 Apr 2026 15:06:44 +0200",
            "Tue, 28 Apr 2026 13:06:44 GMT",
            "Tue, 28 Apr 2026 13:06:44",
            "2026-04-28T13:06:44+00:00",
            "2026-04-28T13:06:44Z",
            "2026-04-28T13:06:44.000Z",
            "2026-04-28T13:06:44.123456+0000",
            "2026-04-28T08:36:44-04:30",
            "2026-04-28 13:06:44+00:00",
            "2026-04-28 13:06:44",
            1777381604,
            "1777381604",
        ):
            with self.subTest(raw=raw):
                self.assertEqual(values.read_moment({"field": raw}, "field"), expected)
        for raw, expected in {
            "2026-04-28": utc(2026, 4, 28),
            "2026-04-28T13:06": utc(2026, 4, 28, 13, 6),
            "2016-12-31T23:59:60Z": utc(2017, 1, 1),
        }.items():
            self.assertEqual(values.read_moment({"field": raw}, "field"), expected)

    def test_unset_dates_are_none(self):
        for raw in ("0000-00-00", "0000-00-00 00:00:00", "0", 0):
            self.assertIsNone(values.read_moment({"field": raw}, "field"))

    def test_what_is_no_date_is_refused(self):
        for value in (
            "soon", "2026-13-01", "2026-02-30", "2026", "30 Foo 2026 10:00:00 +0000",
            "28/04/26", "9999-12-31T23:59:60Z", "99999999999", "2026-04-28T25:00:00Z",
            1.5, True,
        ):  # fmt: skip
            self.assertRefuses(values.read_moment, value)

    @settings(deadline=None)
    @given(
        st.datetimes(
            datetime(1980, 1, 1), datetime(2200, 1, 1), timezones=st.just(timezone.utc)
        ),
        st.integers(-14 * 60, 14 * 60),
    )
    def test_a_date_means_the_same_in_both_standards(self, moment, minutes):
        moment = moment.replace(microsecond=0)
        local = moment.astimezone(timezone(timedelta(minutes=minutes)))
        for text in (
            local.isoformat(),
            local.strftime("%d %b %Y %H:%M:%S %z"),
            str(int(moment.timestamp())),
        ):
            self.assertEqual(values.parse_moment(text), moment)


@tagged("post_install", "-at_install")
class TestAmounts(BaseCase):
    def test_one_that_is_missing_follows_from_the_others(self):
        whole = {"x_ex_tax": "10.00", "x_inc_tax": 11, "x_tax": Decimal("1.00")}
        expected = Amounts(Decimal(10), Decimal(11), Decimal(1))
        self.assertEqual(Amounts.parse(whole, "x"), expected)
        for missing in whole:
            rest = {name: value for name, value in whole.items() if name != missing}
            with self.subTest(missing=missing):
                self.assertEqual(Amounts.parse(rest, "x"), expected)
        self.assertEqual(Amounts.parse({}, "x"), Amounts())

    def test_the_side_of_the_store_can_be_chosen(self):
        amounts = Amounts(Decimal(10), Decimal(11), Decimal(1))
        self.assertEqual((amounts.of(False), amounts.of(True)), (10, 11))
