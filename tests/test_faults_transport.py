"""What goes wrong on the way to the store and back: rows 1 to 14 of the faults."""

from datetime import timedelta

from odoo.tests import tagged

from ..sandbox.dates import parse_moment
from .fault_case import FaultCase

ORDERS = "^/v2/orders$"
LEVELS = "^/v3/inventory/adjustments/absolute$"
SHIPMENTS = r"^/v2/orders/\d+/shipments$"
REFUNDS = "^/v3/orders/payment_actions/refunds$"
REFUND = r"^/v3/orders/\d+/payment_actions/refunds$"
QUOTES = r"^/v3/orders/\d+/payment_actions/refund_quotes$"
CAPTURE = r"^/v3/orders/\d+/payment_actions/capture$"
PRODUCTS = "^/v3/catalog/products$"
RESET = "X-Rate-Limit-Time-Reset-Ms"
JSON = "application/json"
# Minutes that a storm asks to wait.
STORM = 10


class TransportCase(FaultCase):
    def get_tries(self):
        """Return how often each line was tried, those that were looked at left out."""
        return {
            (line["operation"], line["tries"])
            for line in self.get_lines(None, "operation")
            if line["operation"] not in ("export_payments",)
        }

    def assertTriedOnce(self):
        self.assertEqual({tries for _operation, tries in self.get_tries()}, {1})

    def get_seconds_between(self, path, method):
        """Return status of each such request, and the seconds to the next one."""
        requests = [
            request
            for request in self.store.get_requests(path)
            if request["method"] == method
        ]
        moments = [parse_moment(request["time"]) for request in requests]
        return [request["status"] for request in requests], [
            (later - earlier) / timedelta(seconds=1)
            for earlier, later in zip(moments, moments[1:], strict=False)
        ]


@tagged("post_install", "-at_install")
class TestQuota(TransportCase):
    def test_a_429_is_waited_for_as_told_and_repeated_once(self):
        """Row 1."""
        for method, path in (("GET", ORDERS), ("PUT", LEVELS)):
            self.add_fault(
                path,
                method=method,
                status=429,
                headers={RESET: "700"},
                quota_headers=False,
            )
        self.work()
        for method, path in (("GET", ORDERS), ("PUT", LEVELS)):
            statuses, seconds = self.get_seconds_between(path, method)
            self.assertEqual(statuses[:2], [429, 200])
            self.assertEqual(statuses.count(429), 1)
            self.assertGreaterEqual(seconds[0], 0.7)
            if method == "PUT":
                self.assertEqual(len(statuses), 2)
        self.assertTriedOnce()
        self.work_later()
        self.assertInStep()
        self.check()

    def test_a_storm_of_429_releases_all_workers_and_costs_no_try(self):
        """Row 2."""
        self.add_fault(
            status=429,
            times=0,
            headers={RESET: str(1000 * 60 * STORM)},
            quota_headers=False,
        )
        for _round in range(3):
            asked = len(self.store.get_requests())
            self.work()
            # Each worker once: what one is told the other knows.
            self.assertLessEqual(len(self.store.get_requests()) - asked, 2)
            self.assertGreater(
                self.get_condition("not_before"), self.now() + timedelta(minutes=9)
            )
            self.assertEqual(
                {job["tries"] for job in self.get_jobs("import_orders")}, {0}
            )
            self.let_minutes_pass(STORM + 1)
        self.assertEqual(self.get_problems(), {})
        self.assertOtherStoreServed()
        self.store.heal()
        self.work()
        self.work_later()
        self.assertInStep()
        self.check()

    def test_a_429_that_says_nothing_sensible_is_repeated_soon(self):
        """Row 3."""
        for method, path, headers in (
            ("GET", ORDERS, {}),
            ("GET", REFUNDS, {RESET: "-5000"}),
            ("PUT", LEVELS, {RESET: "soon", "Retry-After": "tomorrow"}),
            ("POST", SHIPMENTS, {RESET: "9" * 20, "Retry-After": "1e300"}),
        ):
            self.add_fault(
                path,
                method=method,
                status=429,
                headers=headers,
                quota_headers=False,
            )
        self.work(backoff=None)
        self.assertFalse(self.get_condition("not_before"))
        self.assertTriedOnce()
        for method, path in (("PUT", LEVELS), ("POST", SHIPMENTS)):
            statuses, seconds = self.get_seconds_between(path, method)
            self.assertEqual([statuses[0], len(statuses)], [429, 2])
            self.assertLess(seconds[0], 3)
        self.work_later()
        self.assertInStep()
        self.check()


@tagged("post_install", "-at_install")
class TestTroubleOfTheServer(TransportCase):
    def test_a_read_that_fails_in_passing_is_as_if_it_had_not(self):
        """Row 4."""
        for path, status in (
            (ORDERS, 500),
            (REFUNDS, 502),
            (r"^/v2/orders/\d+/products$", 503),
            ("^/v3/orders/\\d+/transactions$", 504),
        ):
            self.add_fault(path, method="GET", status=status, times=2)
        self.work()
        self.assertTriedOnce()
        self.work_later()
        self.assertInStep()
        self.check()

    def test_an_outage_of_hours_is_told_once_and_only_probed(self):
        """Row 5."""
        self.add_fault(status=503, times=0)
        self.work()
        self.assertGreaterEqual(self.get_condition("failure_count"), 3)
        self.assertOtherStoreServed()
        for minutes in (2, 6, 16, 61):
            self.store.forget_requests()
            self.let_minutes_pass(minutes)
            self.work()
            self.assertEqual(
                [request["path"] for request in self.store.get_requests()][:1],
                ["/v2/time"],
            )
            self.assertLessEqual(len(self.store.get_requests()), 3)
        self.assertEqual(self.count_alerts(), 1)
        self.assertEqual(self.count_alerts(self.other_instance_id), 0)
        self.assertEqual(self.get_problems(), {})
        self.check()
        self.assertEqual(self.count_alerts(), 0)
        self.assertInStep()

    def make_product(self):
        """Export a new product; return its name."""
        with self.transaction() as env:
            template = env["product.template"].create(
                {
                    "name": "Hat of Straw",
                    "default_code": "HAT-STRAW",
                    "list_price": 20,
                    "taxes_id": False,
                    "weight": 1,
                }
            )
        self.start("export_products", templates=template.ids)
        return template.id

    def assertEachHappensOnce(self, **fault):
        """What is sent and not answered takes effect once, and is known to have."""
        template_id = self.make_product()
        for path in (SHIPMENTS, REFUND, CAPTURE, PRODUCTS):
            self.add_fault(path, method="POST", after=True, **fault)
        options = {"timeout": 1} if fault.get("seconds") else {}
        self.work(**options)
        struck = [fault["struck"] for fault in self.store.control("GET", "faults")]
        self.assertEqual(struck, [1] * 4)
        for _round in range(3):
            self.work_later(**options)
        self.assertEqual(
            sorted(
                request["path"]
                for path in (SHIPMENTS, REFUND, CAPTURE, PRODUCTS)
                for request in self.get_writes(path)
                if request["method"] == "POST"
            ),
            sorted(
                [
                    f"/v2/orders/{self.old_orders['delivered']}/shipments",
                    f"/v3/orders/{self.old_orders['paid']}/payment_actions/capture",
                    f"/v3/orders/{self.old_orders['refunded_here']}"
                    "/payment_actions/refunds",
                    "/v3/catalog/products",
                ]
            ),
        )
        self.assertEqual(
            set(self.get_states("export_products").values()), {"done"}, self.describe()
        )
        with self.transaction() as env:
            template = env["product.template"].browse(template_id)
            self.assertEqual(len(template.product_variant_id.bigcommerce_item_ids), 1)
        self.assertInStep()
        self.check()

    def test_what_took_effect_before_the_server_failed_is_not_repeated(self):
        """Row 6."""
        self.assertEachHappensOnce(status=503)

    def test_what_took_effect_and_was_answered_too_late_is_not_repeated(self):
        """Row 8, after the effect."""
        self.assertEachHappensOnce(status=200, seconds=1.5)

    def test_what_timed_out_before_it_took_effect_is_sent_again(self):
        """Row 8, before the effect."""
        for method, path in (("GET", ORDERS), ("POST", SHIPMENTS), ("POST", REFUND)):
            self.add_fault(path, method=method, seconds=1.5)
        self.work(timeout=1)
        for _round in range(2):
            self.work_later(timeout=1)
        for path in (SHIPMENTS, REFUND):
            self.assertEqual(len(self.get_writes(path)), 1)
        self.assertInStep()
        self.check()


@tagged("post_install", "-at_install")
class TestConnection(TransportCase):
    def test_a_store_that_cannot_be_reached_is_named_and_tried_again(self):
        """Row 7: refused, no such host, no TLS."""
        port = self.store.address.rpartition(":")[2]
        for address, host in (
            ("http://127.0.0.1:9", "127.0.0.1:9"),
            ("http://store.invalid", "store.invalid"),
            (f"https://127.0.0.1:{port}", f"127.0.0.1:{port}"),
        ):
            with self.subTest(address):
                self.set_address(address)
                self.work()
                self.assertGreaterEqual(self.get_condition("failure_count"), 1)
                messages = {
                    job["error_message"] or ""
                    for job in self.get_jobs("import_orders", "error_message")
                }
                self.assertIn(host, " ".join(messages))
                self.assertEqual(self.get_problems(), {})
        self.assertEqual(self.get_writes(), [])
        self.assertOtherStoreServed()
        self.set_address(self.store.address)
        self.drain()
        self.assertInStep()
        self.check()

    def set_address(self, address):
        """Let the store be elsewhere; what waits is due at once."""
        with self.transaction() as env:
            self.get_instance(env).api_url = address
        self.let_minutes_pass(61)

    def test_nothing_of_a_page_that_came_in_part_is_applied(self):
        """Row 9: torn in mid-body, half a JSON text, a wrong length, no answer."""
        for fault in (
            {"kind": "truncate"},
            {"status": 200, "body": '[{"id": 101, "sta', "content_type": JSON},
            {"status": 200, "body": "[]", "headers": {"Content-Length": "900"}},
            {"kind": "reset"},
        ):
            with self.subTest(**fault):
                self.store.heal()
                self.add_fault(ORDERS, times=0, **fault)
                self.work_later(61)
                self.assertEqual(self.get_imported(self.new_orders), [0, 0])
                with self.transaction() as env:
                    self.assertFalse(
                        env["bigcommerce.order"].search(
                            [
                                ("bc_id", "in", self.new_orders),
                                ("instance_id", "=", self.instance_id),
                            ]
                        )
                    )
                self.assertIn(
                    "pending", [job["state"] for job in self.get_jobs("import_orders")]
                )
        self.store.heal()
        self.drain()
        self.assertInStep()
        self.check()

    def test_an_import_that_is_torn_between_pages_goes_on_from_there(self):
        """Row 10."""
        self.new_orders += [self.place_order() for _number in range(8)]
        all_orders = [*self.old_orders.values(), *self.new_orders]
        # A page begins with the last order of the page before.
        self.add_fault(ORDERS, method="GET", nth=4, times=3, kind="reset")
        self.work(page_size=3)
        (job,) = [
            job
            for job in self.get_jobs("import_orders", "resume_point")
            if job["state"] == "pending"
        ]
        last_id = all_orders[6]
        self.assertEqual(job["resume_point"]["after_id"], int(last_id))
        asked = len(self.store.get_requests(ORDERS))
        self.work_later(page_size=3)
        again = self.store.get_requests(ORDERS)[asked]
        self.assertEqual(again["query"]["min_id"], last_id)
        self.assertEqual(self.get_imported(all_orders), [1] * len(all_orders))
        self.check()

    def test_a_body_that_drips_is_given_up_in_time(self):
        """Row 13."""
        self.add_fault(ORDERS, kind="drip", seconds=0.4)
        self.work(timeout=1)
        statuses, seconds = self.get_seconds_between(ORDERS, "GET")
        # The exchange has no time left for a repeat.
        self.assertEqual(len(statuses), 1)
        (job,) = [
            job
            for job in self.get_jobs("import_orders", "not_before", "error_message")
            if job["state"] == "pending"
        ]
        self.assertIn("time", job["error_message"])
        self.drain()
        self.assertInStep()
        self.check()

    def test_a_redirect_to_another_host_is_not_followed(self):
        """Row 14."""
        stolen = f"{self.other_store.address}/stores/sandbox/v2/stolen"
        for method, path in (("GET", ORDERS), ("POST", SHIPMENTS)):
            self.add_fault(
                path, method=method, times=0, status=302, headers={"Location": stolen}
            )
        self.work()
        self.drain()
        self.assertEqual(self.other_store.get_requests("stolen"), [])
        states = [job["state"] for job in self.get_jobs("import_orders")]
        self.assertIn("failed", states)
        self.assertIn(
            "blocked", self.get_states("export_shipments").values(), self.describe()
        )
        self.check()


@tagged("post_install", "-at_install")
class TestAnswersThatAreNone(TransportCase):
    _operations = (*FaultCase._operations, "import_listings")

    def test_what_makes_no_sense_is_never_half_believed(self):
        """Row 11: HTML, nothing, null, a list for an object, no data, no meta."""
        self.start("import_listings")
        for method, path, body in (
            ("GET", ORDERS, "<html>Just a moment …</html>"),
            ("GET", REFUNDS, {"meta": {}}),
            ("GET", PRODUCTS, "null"),
            ("POST", QUOTES, []),
            ("GET", r"^/v2/orders/\d+/shipments$", {"error": "none"}),
            ("PUT", LEVELS, ""),
        ):
            is_html = isinstance(body, str) and "<" in body
            self.add_fault(
                path,
                method=method,
                times=0,
                status=200,
                body=body,
                content_type="text/html" if is_html else JSON,
            )
        self.drain()
        for operation in ("import_orders", "import_refunds", "import_listings"):
            failed = [
                job
                for job in self.get_jobs(operation, "error_message", "cause_id")
                if job["state"] == "failed"
            ]
            self.assertTrue(failed, operation)
            for job in failed:
                self.assertTrue(job["cause_id"] and job["error_message"])
        for operation in ("export_refunds", "export_shipments"):
            states = {
                state for state, _message in self.get_problems(operation).values()
            }
            self.assertTrue(states, self.describe())
        self.assertEqual(self.get_imported(self.new_orders), [0, 0])
        with self.transaction() as env:
            self.assertFalse(
                env["account.move"].search([("bigcommerce_refund_id", "!=", False)])
            )
        self.assertEqual(self.get_writes(SHIPMENTS), [])
        self.check()

    def test_an_empty_list_is_no_error(self):
        """Row 12: 204, which v2 answers, is a list of nothing."""
        for path in (
            ORDERS,
            r"^/v2/orders/\d+/shipments$",
            r"^/v2/orders/\d+/coupons$",
            REFUNDS,
        ):
            self.add_fault(path, method="GET", status=204, body="")
        self.work()
        for operation in ("import_orders", "import_refunds"):
            self.assertEqual(
                {job["state"] for job in self.get_jobs(operation)}, {"done"}
            )
        self.assertEqual(self.get_problems(), {})
        self.assertEqual(self.get_imported(self.new_orders), [0, 0])
        self.check()
        self.assertInStep()
