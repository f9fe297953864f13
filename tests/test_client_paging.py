from datetime import datetime, timezone
from itertools import count

from odoo.tests import BaseCase, tagged

from ..client import paging
from ..client.errors import ProtocolError, ServerError
from ..client.transport import Answer
from .client_case import ClientCase
from .http_server import ScriptedServer, answer

DATE = datetime(2026, 4, 28, tzinfo=timezone.utc)
LIMIT = 60


def reply(body, status=200):
    return Answer(status, {}, body, DATE)


def rows(*ids):
    return [{"id": row_id} for row_id in ids]


def portion(ids, number, limit):
    return rows(*list(ids)[(number - 1) * limit : number * limit])


def enveloped(items, total=None, **pagination):
    if total is not None:
        pagination["total"] = total
    return reply({"data": items, "meta": {"pagination": pagination}})


class PagingCase(BaseCase):
    def setUp(self):
        super().setUp()
        self.asked = []

    def ids(self, pages):
        return [row["id"] for page in pages for row in page.items]

    def assertComplete(self, read):
        """Check a function that takes the size of a list and its page limit."""
        for limit in (2, 50, LIMIT):
            for size in (0, 1, limit - 1, limit, limit + 1, 3 * limit, 3 * limit + 1):
                with self.subTest(limit=limit, size=size):
                    self.asked.clear()
                    expected = list(range(1, size + 1))
                    self.assertEqual(self.ids(read(expected, limit)), expected)


@tagged("post_install", "-at_install")
class TestNumberedPages(PagingCase):
    def pages(self, ids, limit, *, asked=None, empty=None, **options):
        def fetch(number):
            self.asked.append(number)
            items = portion(ids, number, limit)
            return reply(items) if items else reply(empty, 204)

        return paging.by_number(fetch, asked or limit, **options)

    def test_a_list_of_any_size_is_complete(self):
        self.assertComplete(self.pages)
        self.assertComplete(lambda ids, limit: self.pages(ids, limit, empty=[]))

    def test_a_list_inside_an_order_of_any_size_is_complete(self):
        self.assertComplete(
            lambda ids, limit: self.pages(ids, limit, short_is_last=True)
        )

    def test_a_short_list_inside_an_order_takes_one_request(self):
        self.ids(self.pages(range(1, 50), 250, short_is_last=True))
        self.assertEqual(self.asked, [1])

    def test_a_server_that_gives_smaller_pages_than_asked_for_loses_no_rows(self):
        ids = list(range(1, 202))
        for options in ({}, {"short_is_last": True}):
            got = self.ids(self.pages(ids, 50, asked=250, **options))
            self.assertEqual(got, ids)

    def test_the_stores_clock_comes_with_a_page(self):
        self.assertEqual([page.date for page in self.pages([1], 2)], [DATE])

    def test_a_row_that_comes_twice_is_given_once(self):
        pages = iter([rows(1, 2), rows(2, 3), []])
        got = paging.by_number(lambda _number: reply(next(pages)), 2)
        self.assertEqual(self.ids(got), [1, 2, 3])

    def test_a_server_that_does_not_page_a_short_list_is_understood(self):
        got = paging.by_number(lambda _number: reply(rows(1, 2)), 250)
        self.assertEqual(self.ids(got), [1, 2])

    def test_a_server_that_repeats_a_full_page_is_not_asked_for_ever(self):
        with self.assertRaises(ProtocolError):
            self.ids(paging.by_number(lambda _number: reply(rows(1, 2)), 2))

    def test_what_is_no_list_is_refused(self):
        for body in ({}, {"id": 1}, "x", 5, [1], [None], [[]], [{}], [{"id": {}}]):
            with self.subTest(body=body), self.assertRaises(ProtocolError):
                self.ids(paging.by_number(lambda _number, b=body: reply(b), 2))


@tagged("post_install", "-at_install")
class TestPagesByTotal(PagingCase):
    def pages(self, ids, limit, **answered):
        def fetch(number):
            self.asked.append(number)
            return enveloped(
                portion(ids, number, limit), **{"total": len(ids), **answered}
            )

        return paging.by_total(fetch)

    def test_a_list_of_any_size_is_complete(self):
        self.assertComplete(self.pages)

    def changing(self, changes, start=7, limit=2):
        """Read a list that changes after a request: {number of requests: ids}."""
        ids = list(range(1, start + 1))

        def fetch(number):
            nonlocal ids
            answered = enveloped(portion(ids, number, limit), len(ids))
            self.asked.append(number)
            ids = changes.get(len(self.asked), ids)
            return answered

        return self.ids(paging.by_total(fetch))

    def test_it_ends_without_asking_for_an_empty_page(self):
        self.ids(self.pages(range(1, 5), 2))
        self.assertEqual(self.asked, [1, 2])

    def test_it_is_resumed_with_the_page_that_a_page_names(self):
        rows_by_page = {1: [1, 2], 2: [3, 4], 3: [5]}

        def fetch(number):
            return enveloped(rows(*rows_by_page.get(number, ())), 5)

        pages = list(paging.by_total(fetch))
        self.assertEqual([page.number for page in pages], [1, 2, 3])
        for first, ids in ((1, [1, 2, 3, 4, 5]), (2, [3, 4, 5]), (3, [5]), (4, [])):
            self.assertEqual(self.ids(paging.by_total(fetch, first_page=first)), ids)

    def test_a_list_without_meta_is_complete(self):
        for meta in ({}, {"meta": {}}, {"meta": []}, {"meta": {"pagination": None}}):
            answers = iter([rows(1, 2), rows(3), []])
            pages = paging.by_total(
                lambda _number, answers=answers, meta=meta: reply(
                    {"data": next(answers), **meta}
                )
            )
            self.assertEqual(self.ids(pages), [1, 2, 3])

    def test_a_wrong_count_of_pages_does_not_matter(self):
        for pages in (0, 1, 99, "x"):
            got = self.pages(range(1, 6), 2, total_pages=pages, count=0)
            self.assertEqual(self.ids(got), [1, 2, 3, 4, 5])

    def test_a_total_that_is_too_small_does_not_end_the_list_early(self):
        got = self.pages(range(1, 6), 2, total=1)
        self.assertEqual(self.ids(got), [1, 2, 3, 4, 5])

    def test_pages_smaller_than_asked_for_lose_no_rows(self):
        self.assertEqual(len(self.ids(self.pages(range(1, 101), 10))), 100)

    def test_a_row_that_appears_at_the_front_is_no_duplicate(self):
        got = self.changing({1: [0, 1, 2, 3, 4, 5, 6, 7]})
        self.assertEqual(sorted(set(got)), sorted(got))
        self.assertLessEqual({1, 2, 3, 4, 5, 6, 7}, set(got))

    def test_a_row_that_vanishes_hides_no_other(self):
        got = self.changing({2: [2, 3, 4, 5, 6, 7]})
        self.assertEqual(sorted(got), [1, 2, 3, 4, 5, 6, 7])

    def test_a_list_that_keeps_shrinking_is_given_up(self):
        changes = {number: list(range(number, 30)) for number in range(1, 30)}
        with self.assertRaises(ProtocolError):
            self.changing(changes, start=29)

    def test_a_server_that_repeats_a_page_is_not_asked_for_ever(self):
        with self.assertRaises(ProtocolError):
            self.ids(paging.by_total(lambda _number: enveloped(rows(1, 2), 9)))
        short = paging.by_total(lambda _number: reply({"data": rows(1, 2)}))
        self.assertEqual(self.ids(short), [1, 2])

    def test_what_is_no_list_is_refused(self):
        for body in (None, [], {}, {"data": None}, {"data": {}}, {"data": [1]}, "x"):
            with self.subTest(body=body), self.assertRaises(ProtocolError):
                self.ids(paging.by_total(lambda _number, b=body: reply(b)))


@tagged("post_install", "-at_install")
class TestPagesById(PagingCase):
    def pages(self, ids, limit, after_id=0, is_bound_given=True):
        def fetch(bound):
            self.asked.append(bound)
            lowest = bound if is_bound_given or bound == 1 else bound + 1
            found = [row_id for row_id in ids if row_id >= lowest][:limit]
            return reply(rows(*found)) if found else reply(None, 204)

        return paging.by_id(fetch, paging.read_list, after_id)

    def test_a_list_of_any_size_is_complete(self):
        self.assertComplete(self.pages)

    def test_it_is_complete_whether_the_lowest_id_is_given_or_not(self):
        self.assertComplete(
            lambda ids, limit: self.pages(ids, limit, is_bound_given=False)
        )

    def test_it_goes_on_after_the_last_id(self):
        got = self.ids(self.pages([3, 500, 5_000_000_000], 2, after_id=2))
        self.assertEqual(got, [3, 500, 5_000_000_000])
        self.assertEqual(self.asked, [2, 500, 5_000_000_000])

    def test_it_ends_when_it_is_resumed_at_its_end(self):
        self.assertEqual(self.ids(self.pages([3, 500], 2, after_id=500)), [])

    def test_what_comes_and_goes_meanwhile_shifts_nothing(self):
        ids = list(range(1, 10))
        got = []
        for page in self.pages(ids, 3):
            got += [row["id"] for row in page.items]
            del ids[0]
            if ids[-1] < 11:
                ids.append(ids[-1] + 1)
        self.assertEqual(got, list(range(1, 12)))

    def test_ids_that_do_not_grow_are_refused(self):
        for items in (rows(1, 2), rows(5, 4), rows(7, 7), [{}], [{"id": None}]):
            pages = iter([rows(3), items])
            with self.subTest(items=items), self.assertRaises(ProtocolError):
                self.ids(
                    paging.by_id(
                        lambda _lowest, p=pages: reply(next(p)), paging.read_list, 0
                    )
                )

    def test_ids_as_text_are_ids(self):
        pages = iter([rows("3", "4"), []])
        got = paging.by_id(lambda _lowest: reply(next(pages)), paging.read_list, 0)
        self.assertEqual(self.ids(got), ["3", "4"])


@tagged("post_install", "-at_install")
class TestPagesByCursor(PagingCase):
    def pages(self, ids, limit, after="", says_total=True):
        def fetch(cursor):
            self.asked.append(cursor)
            rest = [row_id for row_id in ids if row_id > int(cursor or 0)]
            meta = {}
            if rest:
                meta["cursor_pagination"] = {"end_cursor": str(rest[:limit][-1])}
            if says_total and not cursor:
                meta["pagination"] = {"total": len(ids)}
            return reply({"data": rows(*rest[:limit]), "meta": meta})

        return paging.by_cursor(fetch, after)

    def test_a_list_of_any_size_is_complete(self):
        self.assertComplete(self.pages)

    def test_a_list_that_does_not_say_its_size_is_complete(self):
        self.assertComplete(lambda ids, limit: self.pages(ids, limit, says_total=False))

    def test_a_list_that_says_its_size_takes_no_request_more(self):
        self.assertEqual(self.ids(self.pages([1, 2, 3], 2)), [1, 2, 3])
        self.assertEqual(self.asked, ["", "2"])

    def test_each_page_says_where_the_next_begins(self):
        pages = list(self.pages([1, 2, 3], 2))
        self.assertEqual([page.cursor for page in pages], ["2", "3"])
        self.assertEqual(pages[0].date, DATE)

    def test_it_resumes_after_a_cursor(self):
        self.assertEqual(self.ids(self.pages([1, 2, 3, 4, 5], 2, "2")), [3, 4, 5])
        self.assertEqual(self.ids(self.pages([1, 2], 2, "2")), [])

    def test_what_comes_and_goes_meanwhile_shifts_nothing(self):
        ids = [1, 2, 3, 4, 5, 6]
        seen = []
        for page in self.pages(ids, 2, says_total=False):
            seen += [row["id"] for row in page.items]
            if seen == [1, 2]:
                ids.remove(1)
                ids.append(7)
        self.assertEqual(seen, [1, 2, 3, 4, 5, 6, 7])

    def test_a_list_that_does_not_say_how_it_goes_on_is_refused(self):
        for cursors in ({}, None, {"end_cursor": ""}, {"end_cursor": 5}, "x"):
            for total in ({}, {"pagination": {"total": 9}}):
                meta = {"cursor_pagination": cursors, **total}
                body = {"data": rows(1), "meta": meta}
                with self.subTest(**meta), self.assertRaises(ProtocolError):
                    list(paging.by_cursor(lambda _cursor, body=body: reply(body)))

    def test_a_server_that_repeats_a_page_is_not_asked_for_ever(self):
        body = {"data": rows(1), "meta": {"cursor_pagination": {"end_cursor": "x"}}}
        with self.assertRaises(ProtocolError):
            list(paging.by_cursor(lambda _cursor: reply(body)))

    def test_a_whole_list_needs_no_cursor(self):
        body = {"data": rows(1, 2), "meta": {"pagination": {"total": 2}}}
        self.assertEqual(
            self.ids(paging.by_cursor(lambda _cursor: reply(body))), [1, 2]
        )

    def test_what_is_no_list_is_refused(self):
        for body in ({}, [], {"data": {}}, {"data": [1]}, None):
            with self.subTest(body=body), self.assertRaises(ProtocolError):
                list(paging.by_cursor(lambda _cursor, body=body: reply(body)))


@tagged("post_install", "-at_install")
class TestInterruption(ClientCase):
    """A list that is read over a connection which breaks."""

    def test_a_page_is_given_whole_or_not_at_all(self):
        ids = list(range(1, 6))
        requests = count(1)

        def respond(request):
            lowest = int(request.query["min_id"])
            found = rows(*[row_id for row_id in ids if row_id >= lowest][:2])
            whole = answer(body=found) if found else answer(204)
            # every second answer is cut
            return whole if next(requests) % 2 == 0 else whole[:-4]

        server = self.start(ScriptedServer(respond=respond))
        pages = list(self.client(server.url).iterate_orders(limit=2))
        self.assertEqual(
            [[row["id"] for row in page.items] for page in pages],
            [[1, 2], [3], [4], [5]],
        )

    def test_reading_can_be_resumed_after_a_failure(self):
        ids = list(range(1, 6))
        working = True

        def respond(request):
            lowest = int(request.query["min_id"])
            if lowest > 1 and not working:
                return answer(503, b"")
            found = rows(*[row_id for row_id in ids if row_id >= lowest][:2])
            return answer(body=found) if found else answer(204)

        server = self.start(ScriptedServer(respond=respond))
        client = self.client(server.url)
        working = False
        pages = client.iterate_orders(limit=2)
        got = [row["id"] for row in next(pages).items]
        with self.assertRaises(ServerError) as caught:
            next(pages)
        self.assertEqual(caught.exception.status, 503)
        working = True
        for page in client.iterate_orders(limit=2, after_id=got[-1]):
            got += [row["id"] for row in page.items]
        self.assertEqual(got, ids)
