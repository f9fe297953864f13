"""Faults in what the store says: products, people, amounts, numbers and names."""

from odoo.tests import tagged

from .fault_case import BOWL, MUG, FaultCase

ORDERS = "import_orders"
BOWL_ID, BOWL_VARIANT_ID = 105, 10500
TAXES = [{"name": "State Tax", "rate": "8.25"}, {"name": "City Tax", "rate": "1.375"}]
# Every part that an order may have.
EVERYTHING = {
    "lines": [
        {"sku": MUG, "quantity": 3, "wrapping": "3.00"},
        {"name": "Shelf", "price": "40.00"},
        {"name": "Advice", "price": "20.00", "type": "digital"},
        {
            "name": "Certificate",
            "price": "25.00",
            "type": "giftcertificate",
            "taxed": False,
            "gift_certificate_id": 7,
        },
    ],
    "shipping": ["8.50"],
    "handling": "2.00",
    "fees": [["Rush packing", "9.00"]],
    "coupon": {"code": "TEN", "name": "10%", "amount": "10", "type": 1},
    "gift_certificate": "30.00",
    "store_credit": "10.00",
}
PARTS = {
    "product", "shipping", "handling", "wrapping", "fee", "gift_certificate_sold",
    "gift_certificate", "store_credit",
}  # fmt: skip

# What an order can do without.
SPARE = (
    "customer_message", "date_shipped", "external_id", "geoip_country", "ip_address",
    "order_source", "staff_notes",
)  # fmt: skip


class DataCase(FaultCase):
    def get_record(self, env, order_id):
        """Return what Odoo has noted of an order of the first store."""
        return env["bigcommerce.order"]._find(self.get_instance(env), [order_id])[
            order_id
        ]

    def get_product(self, env, sku):
        return (
            env["product.product"]
            .with_context(active_test=False)
            .search([("default_code", "=", sku)])
        )

    def get_causes(self, operation):
        """Return why lines of the first store wait for a person: key -> code."""
        with self.transaction() as env:
            lines = env["bigcommerce.queue.line"].search(
                [
                    ("instance_id", "=", self.instance_id),
                    ("operation", "=", operation),
                    ("cause_id", "!=", False),
                ]
            )
            return {line.key: line.cause_id.code for line in lines}

    def retry(self, operation):
        """Let a person press *Retry* on all that waits for one."""
        with self.transaction() as env:
            env["bigcommerce.queue.line"].search(
                [("operation", "=", operation), ("cause_id", "!=", False)]
            ).action_retry()

    def assertOrdersAre(self, state, order_ids):
        with self.transaction() as env:
            for order_id in order_ids:
                record = self.get_record(env, order_id)
                self.assertEqual(
                    record.state, state, f"{order_id}: {record.reason_message}"
                )
                self.assertEqual(bool(record.sale_order_id), state != "blocked")

    def reimport(self):
        self.start(ORDERS)
        self.work()

    def rewrite(self, order_id, change, **parts):
        """Change the raw content of an order: itself, and lists below it.

        :param change: function that changes the raw order
        :param parts: name of a list -> function that changes each raw object in it
        """
        path = f"v2/orders/{order_id}"
        raw = self.store.control("GET", path)
        change(raw)
        self.store.put(path, raw)
        for part, change_part in parts.items():
            rows = self.store.control("GET", f"{path}/{part}")
            for row in rows:
                change_part(row)
            self.store.put(f"{path}/{part}", rows)


@tagged("post_install", "-at_install")
class TestProducts(DataCase):
    # 39
    def test_a_product_deleted_in_the_store_is_gone_once_and_not_made_again(self):
        self.store.delete(f"v3/catalog/products/{BOWL_ID}")
        self.work()
        self.start("import_listings", full=True)
        self.work_later(61)
        with self.transaction() as env:
            listing = env["bigcommerce.listing"].with_context(active_test=False)
            listing = listing._find(self.get_instance(env), [str(BOWL_ID)])
            self.assertFalse(listing[str(BOWL_ID)].active)
        self.store.forget_requests()
        self.start_all()
        self.work_later(61)
        for request in self.store.get_requests():
            self.assertNotIn(str(BOWL_VARIANT_ID), request["body"] or "")
            self.assertNotRegex(request["path"], rf"/{BOWL_ID}\b")
        self.assertFalse(self.get_writes("^/v3/catalog/products$"))
        self.check()

    # 40
    def test_a_product_archived_in_odoo_blocks_its_orders_and_keeps_its_price(self):
        with self.transaction() as env:
            self.get_product(env, MUG).action_archive()
            self.get_product(env, BOWL).action_archive()
        self.work()
        self.assertEqual(
            self.get_causes(ORDERS), dict.fromkeys(self.new_orders, "archived_product")
        )
        # What is left of it is still said, see G4.
        self.assertEqual(self.get_writes("/v3/catalog"), [])
        self.assertOrdersAre("blocked", self.new_orders)
        with self.transaction() as env:
            self.get_product(env, MUG).action_unarchive()
            self.get_product(env, BOWL).action_unarchive()
        self.retry(ORDERS)
        self.work()
        self.assertOrdersAre("imported", self.new_orders)
        self.check()

    # 41
    def test_a_sku_that_is_not_clearly_a_product_is_none_until_somebody_says_so(self):
        skus = {"NO-SUCH": "unknown_product", "": "unknown_product",
                "TWIN": "ambiguous_sku", "mug-enamel": "sku_case_differs",
                "MUG- ENAMEL": "unknown_product"}  # fmt: skip
        with self.transaction() as env:
            twins = env["product.product"].create(
                [{"name": name, "default_code": "TWIN"} for name in ("One", "Two")]
            )
        orders = {
            self.place_order(
                lines=[
                    {
                        "name": f"Foreign {number}",
                        "price": "5.00",
                        "sku": sku,
                        "product_id": 900 + number,
                        "variant_id": 9000 + number,
                    }
                ]
            ): cause
            for number, (sku, cause) in enumerate(skus.items())
        }
        self.reimport()
        self.assertEqual(self.get_causes(ORDERS), orders)
        self.assertOrdersAre("blocked", orders)
        with self.transaction() as env:
            twins.with_env(env)[1].default_code = False
            for sku in ("NO-SUCH", "mug-enamel", "MUG- ENAMEL"):
                env["product.product"].create({"name": sku, "default_code": sku})
        self.retry(ORDERS)
        self.work()
        missing = list(orders)[1]
        self.assertEqual(self.get_causes(ORDERS), {missing: "unknown_product"})
        with self.transaction() as env:
            for order_id, sku in zip(orders, skus, strict=True):
                if order_id != missing:
                    sold = self.get_record(env, order_id).sale_order_id.order_line
                    products = sold.filtered("product_uom_qty").product_id
                    self.assertIn(sku, products.mapped("default_code"))
                    self.assertNotIn(MUG, products.mapped("default_code"))
        self.check()


@tagged("post_install", "-at_install")
class TestAmounts(DataCase):
    def assertExact(self, order_ids):
        """Orders are imported, and G8 has nothing to excuse in them."""
        self.assertOrdersAre("imported", order_ids)
        self.check()

    # 42
    def test_every_part_of_an_order_is_a_line_of_its_own_and_the_total_is_the_same(
        self,
    ):
        order_id = self.place_order(taxes=TAXES, **EVERYTHING)
        self.reimport()
        with self.transaction() as env:
            lines = self.get_record(env, order_id).sale_order_id.order_line
            self.assertEqual(set(lines.mapped("bigcommerce_part")), PARTS)
        self.assertExact([order_id])

    # 45
    def test_taxes_of_every_kind_are_the_stores_to_the_cent(self):
        odd = {"name": "Nail", "price": "0.333", "quantity": 7}
        carts = [
            {"lines": [{"sku": MUG, "quantity": 3}, odd], **vals}
            for vals in (
                {"with_tax": True},
                {"with_tax": False},
                {"with_tax": True, "taxes": TAXES, "discount": "1.11"},
                {"taxes": []},
                {"taxes": [{"name": "Never Seen", "rate": "19.6789"}]},
                {"taxes": [{"name": "Nothing", "rate": "0"}]},
            )
        ]
        mixed = {"lines": [{"sku": MUG}, {**odd, "taxed": False}], "taxes": TAXES}
        order_ids = [self.place_order(**cart) for cart in (*carts, mixed)]
        self.reimport()
        self.assertExact(order_ids)

    # 46
    def test_amounts_are_exact_in_currencies_of_any_number_of_decimals(self):
        prices = {"EUR": "17.99", "JPY": "1999", "KWD": "19.995"}
        orders = {
            code: self.place_order(
                lines=[{"name": "Thing", "price": price, "quantity": 3}],
                currency=code,
                shipping=[],
            )
            for code, price in prices.items()
        }
        self.reimport()
        self.assertEqual(
            self.get_causes(ORDERS),
            {
                orders["EUR"]: "no_exchange_rate",
                orders["JPY"]: "no_exchange_rate",
                orders["KWD"]: "no_pricelist",
            },
        )
        yen = self.store.control("GET", "v2/currencies/3")
        self.store.put("v2/currencies/4", {**yen, "id": 4, "currency_code": "KWD"})
        with self.transaction() as env:
            for code, rate in (("EUR", 0.9), ("JPY", 150), ("KWD", 0.3)):
                currency = env.ref(f"base.{code}")
                currency.active = True
                env["res.currency.rate"].create(
                    {"currency_id": currency.id, "name": "2000-01-01", "rate": rate}
                )
            self.get_instance(env).action_confirm()
        self.retry(ORDERS)
        self.work()
        with self.transaction() as env:
            for code, order_id in orders.items():
                order = self.get_record(env, order_id).sale_order_id
                self.assertEqual(order.currency_id.name, code)
        self.assertExact(orders.values())


@tagged("post_install", "-at_install")
class TestPeople(DataCase):
    def get_partners(self, order_ids):
        with self.transaction() as env:
            return [
                self.get_record(env, order_id).sale_order_id.partner_id.id
                for order_id in order_ids
            ]

    # 43
    def test_whoever_orders_is_one_contact_whatever_they_are_called(self):
        somebody = {
            "first_name": "Sam", "last_name": "Odd", "email": "", "street_1": "1 Way",
            "phone": "",
        }  # fmt: skip
        people = [
            {**somebody, "state": "", "city": "Nowhere"},
            {**somebody, "state": "Atlantis", "country": "", "country_iso2": "ZZ"},
            {**somebody, "street_1": "x" * 200, "street_2": "y" * 200},
            {**somebody, "first_name": "🪴 Ünï", "last_name": "漢字 🧑‍🌾"},
            {**somebody, "first_name": "שלום", "last_name": "עולם", "city": "ירושלים"},
            {**somebody, "first_name": "x" * 300, "email": "long@guests.example"},
        ]
        first, second = (
            [self.place_order(billing=billing) for billing in people] for _n in range(2)
        )
        self.reimport()
        self.assertOrdersAre("imported", first + second)
        partners = self.get_partners(first)
        self.assertEqual(len(set(partners)), len(people))
        self.assertEqual(self.get_partners(second), partners)
        self.check()

    # 44
    def test_one_person_with_two_addresses_and_two_people_with_one_email_stay_apart(
        self,
    ):
        shared = {"email": "office@people.example", "street_1": "5 Office Park"}
        ann, bob = (
            {"first_name": name, "last_name": "Doe", **shared}
            for name in ("Ann", "Bob")
        )
        moved = {**ann, "street_1": "9 Home Lane", "city": "Dallas"}
        order_ids = [self.place_order(billing=who) for who in (ann, bob, moved, bob)]
        self.reimport()
        first, second, third, fourth = self.get_partners(order_ids)
        self.assertEqual((first, second), (third, fourth))
        self.assertNotEqual(first, second)
        with self.transaction() as env:
            partners = env["res.partner"].browse([first, second])
            self.assertEqual(partners.mapped("name"), ["Ann Doe", "Bob Doe"])
            self.assertEqual(partners.mapped("street"), ["5 Office Park"] * 2)
            invoiced = self.get_record(env, order_ids[2]).sale_order_id
            self.assertEqual(invoiced.partner_invoice_id.street, "9 Home Lane")
        self.check()


@tagged("post_install", "-at_install")
class TestWhatFollows(DataCase):
    def get_shipped(self, order_id):
        """Return how many the store has as shipped of an order's first line."""
        shipments = self.store.control("GET", f"v2/orders/{order_id}/shipments")
        return sum(item["quantity"] for one in shipments for item in one["items"])

    def deliver_part(self, order_id, quantity):
        """Deliver so many of an order's open delivery; the rest is a backorder."""
        with self.transaction() as env:
            order = self.get_record(env, order_id).sale_order_id
            picking = order.picking_ids.filtered(lambda one: one.state != "done")
            picking.move_ids.quantity = quantity
            picking.move_ids.picked = True
            picking.with_context(
                skip_sms=True, skip_backorder=True, picking_ids_not_to_backorder=[]
            ).button_validate()
        self.work()

    # 47
    def test_what_is_delivered_in_parts_returned_or_called_off_is_shipped_once(self):
        self.work()
        split, called_off = self.new_orders
        self.deliver_part(split, 1)
        self.assertEqual(self.get_shipped(split), 1)
        # one more than is left
        self.deliver_part(split, 2)
        self.assertEqual(self.get_shipped(split), 2)
        with self.transaction() as env:
            order = self.get_record(env, split).sale_order_id
            self.assertEqual(order.order_line[0].qty_delivered, 3)
            picking = order.picking_ids[0]
            wizard = env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
            wizard = wizard.create({})
            wizard.product_return_moves.quantity = 1
            returned = wizard._create_return()
            returned.move_ids.picked = True
            returned.button_validate()
        self.work()
        self.assertEqual(self.get_shipped(split), 2)
        self.deliver_part(called_off, 1)
        self.store.patch(f"v2/orders/{called_off}", status_id=5, status="Cancelled")
        self.reimport()
        self.assertEqual(self.get_shipped(called_off), 1)
        self.check()

    # 48
    def test_a_refund_is_one_note_however_often_and_early_it_is_told(self):
        early = self.place_order()
        goods = int(f"{early}01")
        self.store.refund(early, ("PRODUCT", goods, 1))
        self.start("import_refunds")
        self.reimport()
        for _time in range(2):
            self.start("import_refunds")
            self.work()
        self.store.refund(early, ("PRODUCT", goods, 1))
        self.start("import_refunds")
        self.start(ORDERS, ids=[early])
        self.work()
        self.start("import_refunds")
        self.work_later(61)
        with self.transaction() as env:
            notes = self.get_record(env, early).sale_order_id.invoice_ids.filtered(
                lambda move: move.move_type == "out_refund"
            )
            self.assertEqual(len(set(notes.mapped("bigcommerce_refund_id"))), 2)
            self.assertEqual(len(notes), 2)
        self.check()

    # 49
    def test_an_order_edited_after_its_confirmation_is_told_once_and_left_alone(self):
        # Its chatter says which address was changed, and so holds it.
        somebody = {
            "first_name": "Sam",
            "last_name": "Shopper",
            "email": "sam@b.example",
        }
        order_id = self.place_order(billing=somebody)
        self.reimport()
        self.deliver_part(order_id, 2)
        with self.transaction() as env:
            order = self.get_record(env, order_id).sale_order_id
            before = order.order_line.read(["product_id", "product_uom_qty"], load=None)
            address, notes = order.partner_shipping_id.id, len(order.message_ids)
        self.store.edit_order(
            order_id,
            lines={f"{order_id}01": {"quantity": 5}},
            add=[{"sku": BOWL}],
            billing={**somebody, "street_1": "1 New Way"},
        )
        for _time in range(2):
            self.reimport()
        with self.transaction() as env:
            record = self.get_record(env, order_id)
            order = record.sale_order_id
            self.assertTrue(record.changes)
            self.assertEqual(
                order.order_line.read(["product_id", "product_uom_qty"], load=None),
                before,
            )
            self.assertEqual(order.partner_shipping_id.id, address)
            self.assertEqual(len(order.message_ids), notes + 1)
        self.check()


@tagged("post_install", "-at_install")
class TestNumbers(DataCase):
    # 50
    def test_stock_that_the_store_cannot_hold_is_cut_to_whole_levels_or_waits(self):
        self.work()
        levels = {"BOARD-OAK": -5, "TOWEL-LINEN": 2.7, "MILL-PEPPER": 3_000_000_000}
        with self.transaction() as env:
            location = self.get_instance(env).warehouse_id.lot_stock_id
            for sku, quantity in levels.items():
                product = self.get_product(env, sku)
                there = product.with_context(location=location.id).qty_available
                env["stock.quant"]._update_available_quantity(
                    product, location, quantity - there
                )
        self.store.forget_requests()
        self.start("export_inventory")
        self.work()
        items = {
            item["identity"]["sku"]: item["locations"]
            for item in self.store.control("GET", "v3/inventory/items")
        }
        on_hand = {sku: items[sku][0]["total_inventory_onhand"] for sku in levels}
        self.assertEqual(on_hand["BOARD-OAK"], 0)
        self.assertEqual(on_hand["TOWEL-LINEN"], 2)
        self.assertEqual(on_hand["MILL-PEPPER"], 15)
        self.assertIn(
            "stock_out_of_range", self.get_causes("export_inventory").values()
        )
        for request in self.get_writes("/v3/inventory"):
            self.assertNotIn('"location_id":2', request["body"])
        with self.transaction() as env:
            env["stock.quant"]._update_available_quantity(
                self.get_product(env, "MILL-PEPPER"),
                location.with_env(env),
                -2_999_999_990,
            )
        self.check()

    # 51
    def test_large_ids_and_numbers_written_as_texts_are_kept_exactly(self):
        model_id, order_id = self.new_orders[0], "5000000007"
        path = f"v2/orders/{model_id}"
        raw = self.store.control("GET", path)
        lines = self.store.control("GET", f"{path}/products")
        addresses = self.store.control("GET", f"{path}/shipping_addresses")
        taxes = self.store.control("GET", f"{path}/taxes")
        for row in (*lines, *addresses, *taxes):
            row["order_id"] = order_id
        for line in lines:
            line.update(id="9000000000000000001", quantity="2", order_address_id=2**40)
        for address in addresses:
            address["id"] = str(2**40)
        for tax in taxes:
            if tax["order_product_id"]:
                tax["order_product_id"] = "9000000000000000001"
            tax["order_address_id"] = str(2**40)
        amounts = {
            name: float(value)
            for name, value in raw.items()
            if name.startswith("total_")
        }
        raw.update(
            amounts, id=order_id, customer_id=str(2**33), handling_cost_tax="0.0000"
        )
        self.store.put(f"v2/orders/{order_id}", raw)
        for part, rows in (
            ("products", lines), ("shipping_addresses", addresses), ("taxes", taxes)
        ):  # fmt: skip
            self.store.put(f"v2/orders/{order_id}/{part}", rows)
        self.reimport()
        self.assertOrdersAre("imported", [order_id])
        with self.transaction() as env:
            record = self.get_record(env, order_id)
            self.assertEqual(record.customer_bc_id, str(2**33))
            mugs = record.sale_order_id.order_line.filtered("bigcommerce_line_id")
            mugs = mugs.filtered(lambda line: line.bigcommerce_part == "product")
            self.assertEqual(mugs.bigcommerce_line_id, "9000000000000000001")
            self.assertEqual(mugs.product_uom_qty, 2)
            self.assertEqual(mugs.product_id, self.get_product(env, MUG))
        self.check()

    # 52
    def test_what_nobody_has_seen_before_is_tolerated_or_waits(self):
        plain, spare, strange, line_type = (self.place_order() for _number in range(4))

        def enrich(raw):
            raw["a_field_of_tomorrow"] = {"deep": [1, None, {"é": "🪴"}]}
            raw["payment_status"] = "quantum settled"

        def strip(raw):
            for name in SPARE:
                raw.pop(name, None)

        self.rewrite(plain, enrich, products=enrich)
        self.rewrite(spare, strip)
        self.rewrite(strange, lambda raw: raw.update(status_id=99, status="Teleported"))
        self.rewrite(line_type, strip, products=lambda row: row.update(type="hologram"))
        self.reimport()
        self.assertOrdersAre("imported", [plain, spare, line_type])
        with self.transaction() as env:
            record = self.get_record(env, strange)
            self.assertFalse(record.sale_order_id)
            self.assertTrue(record.reason_code)
        self.check()
