"""The stock of the sandbox has one source, and moves as bigcommerce-api.md §9 says."""

from odoo.tests import tagged

from ..sandbox.scale import Scale
from .common import SandboxStore
from .sandbox_case import SeedCase, StoreCase, ask

ABSOLUTE = "/v3/inventory/adjustments/absolute"
MUG, SHIRT, WRAPPING = 101, 130, 140
SHIRT_S, SHIRT_M = 13001, 13003
MUG_LEVEL, SHIRT_LEVEL = 120, 30
MUG_SKU, SHIRT_SKU = "MUG-ENAMEL", "SHIRT-S-MOS"
LARGEST = 2_147_483_647


class SandboxStockCase(StoreCase):
    """A test that sets levels through the API and asks all that shows them."""

    def put(self, *items):
        return self.ask(ABSOLUTE, method="PUT", json={"reason": "x", "items": items})

    def level(self, quantity, location_id=1, **identity):
        return {"location_id": location_id, "quantity": quantity, **identity}

    def stock(self, variant_id):
        """Location -> on hand, by the stock itself."""
        (item,) = self.fetch("/v3/inventory/items", **{"variant_id:in": variant_id})[
            "data"
        ]
        for level in item["locations"]:
            self.assertEqual(
                level["available_to_sell"], level["total_inventory_onhand"]
            )
            self.assertEqual(
                level["settings"]["is_in_stock"], level["available_to_sell"] > 0
            )
        return {
            level["location_id"]: level["total_inventory_onhand"]
            for level in item["locations"]
        }

    def assertShown(self, product_id, *levels):
        """All that shows levels of a product's variants agrees: these, in order."""
        path = f"/v3/catalog/products/{product_id}"
        product = self.fetch(path, include="variants")["data"]
        listed = self.fetch(
            "/v3/catalog/variants", limit=250, **{"product_id:in": product_id}
        )["data"]
        below = self.fetch(f"{path}/variants")["data"]
        for variants in (product["variants"], listed, below):
            shown = [item["inventory_level"] for item in variants]
            self.assertEqual(shown[: len(levels)], list(levels))
        for variant in below[: len(levels)]:
            one = self.fetch(f"{path}/variants/{variant['id']}")["data"]
            self.assertEqual(one, variant)
            self.assertEqual(self.stock(variant["id"])[1], variant["inventory_level"])
        self.assertEqual(
            product["inventory_level"], sum(item["inventory_level"] for item in below)
        )
        self.assertEqual(
            self.fetch("/v3/catalog/products", **{"id:in": product_id})["data"][0],
            {name: product[name] for name in product if name != "variants"},
        )


@tagged("post_install", "-at_install")
class TestSandboxStock(SandboxStockCase):
    def test_the_catalogue_and_the_stock_agree_from_the_start(self):
        self.assertShown(MUG, MUG_LEVEL)
        self.assertShown(SHIRT, *[SHIRT_LEVEL] * 6)

    def test_a_level_that_is_set_shows_everywhere_at_once(self):
        answer = self.put(
            self.level(7, product_id=MUG),
            self.level(8, 2, product_id=MUG),
            self.level(0, variant_id=SHIRT_S),
            self.level(5, sku="shirt-m-mos"),
            self.level(LARGEST, 3, variant_id=SHIRT_S),
        )
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.json()["transaction_id"])
        self.assertEqual(self.stock(10100), {1: 7, 2: 8, 3: 6})
        self.assertEqual(self.stock(SHIRT_S), {1: 0, 2: 12, 3: LARGEST})
        self.assertShown(MUG, 7)
        self.assertShown(SHIRT, 0, SHIRT_LEVEL, 5)
        summary = self.fetch("/v3/catalog/summary")["data"]
        self.put(self.level(9, product_id=MUG))
        after = self.fetch("/v3/catalog/summary")["data"]
        self.assertEqual(after["inventory_count"] - summary["inventory_count"], 2)

    def test_stock_alone_modifies_no_product(self):
        before = self.fetch(f"/v3/catalog/products/{MUG}")["data"]
        self.put(self.level(7, product_id=MUG))
        after = self.fetch(f"/v3/catalog/products/{MUG}")["data"]
        self.assertEqual(after, {**before, "inventory_level": 7})

    def test_what_is_set_last_counts(self):
        for quantity in (3, 4, 4):
            self.put(self.level(quantity, product_id=MUG))
        self.assertEqual(self.stock(10100)[1], 4)
        self.put(self.level(1, product_id=MUG), self.level(2, product_id=MUG))
        self.assertEqual(self.stock(10100)[1], 2)

    def test_what_is_not_valid_is_named_in_the_title_and_nothing_is_set(self):
        good = self.level(1, product_id=MUG)
        self.store.patch("v3/inventory/locations/3", enabled=False)
        for wrong, text in (
            (
                self.level(1, variant_id=10100),
                "Item with variant_id 10100 is tracked by product, please update stock"
                " by product id",
            ),
            (
                self.level(1, sku=MUG_SKU),
                f"Item with sku {MUG_SKU} is tracked by product, please update stock"
                " by product id",
            ),
            (
                self.level(1, product_id=SHIRT),
                f"Item with product_id {SHIRT} is tracked by variant",
            ),
            (
                self.level(1, product_id=WRAPPING),
                f"Item with product_id {WRAPPING} is not tracked",
            ),
            (self.level(1, variant_id=9), "Item with variant_id 9 was not found"),
            (self.level(1, product_id=9), "Item with product_id 9 was not found"),
            (self.level(1, sku="NONE"), "Item with sku NONE was not found"),
            (self.level(1, 9, product_id=MUG), "Location with id 9 was not found"),
            (self.level(1, 3, product_id=MUG), "Location with id 3 is disabled"),
            (self.level(-1, product_id=MUG), "negative"),
            (self.level(1.5, product_id=MUG), "whole number"),
            (self.level("1", product_id=MUG), "whole number"),
            (self.level(None, product_id=MUG), "whole number"),
            (self.level(True, product_id=MUG), "whole number"),
            (self.level(LARGEST + 1, product_id=MUG), "limit of 2147483647"),
            (self.level(1), "One of sku, product_id, variant_id is required"),
            (self.level(1, product_id=MUG, sku=MUG_SKU), "One of"),
            (5, "object"),
        ):
            for items in ((good, wrong), (wrong, good)):
                with self.subTest(wrong=wrong):
                    answer = self.put(*items)
                    self.assertEqual(answer.status_code, 422)
                    self.assertIn(text, answer.json()["title"])
                    self.assertEqual(answer.json()["errors"], {})
        self.assertEqual(self.stock(10100)[1], MUG_LEVEL)
        self.assertEqual(self.stock(SHIRT_S)[1], SHIRT_LEVEL)

    def test_all_that_is_wrong_is_said_at_once(self):
        answer = self.put(
            self.level(1, variant_id=9),
            self.level(1, product_id=MUG),
            self.level(1, variant_id=8),
        )
        self.assertEqual(
            answer.json()["title"],
            "[Item with variant_id 9 was not found, Item with variant_id 8 was not"
            " found]",
        )

    def test_as_many_as_the_api_takes_and_no_more(self):
        for count, status in ((0, 422), (1, 200), (2000, 200), (2001, 413)):
            with self.subTest(count=count):
                answer = self.put(*[self.level(3, product_id=MUG)] * count)
                self.assertEqual(answer.status_code, status)
                self.store.reset()
        for body in ([], {}, {"items": None}, {"items": {}}, "x", None):
            answer = self.ask(ABSOLUTE, method="PUT", json=body)
            self.assertIn(answer.status_code, (400, 415, 422))

    def test_somebody_in_the_store_can_change_stock(self):
        self.store.set_level(3, product_id=MUG)
        self.store.set_level(4, location_id=2, sku=SHIRT_SKU)
        self.assertEqual(self.stock(10100)[1], 3)
        self.assertEqual(self.stock(SHIRT_S)[2], 4)
        self.assertEqual(self.store.get_requests("absolute"), [])
        self.store.reset()
        self.assertShown(MUG, MUG_LEVEL)

    def test_a_disabled_location_says_so_with_its_levels(self):
        self.store.patch("v3/inventory/locations/2", enabled=False)
        (item,) = self.fetch("/v3/inventory/items", **{"variant_id:in": "10100"})[
            "data"
        ]
        enabled = [level["location_enabled"] for level in item["locations"]]
        self.assertEqual(enabled, [True, False, True])

    def test_a_new_location_can_be_filled(self):
        location = self.fetch("/v3/inventory/locations")["data"][0]
        self.store.put("v3/inventory/locations/4", {**location, "id": 4, "code": "NEW"})
        self.put(self.level(6, 4, product_id=MUG))
        self.assertEqual(self.stock(10100), {1: 120, 2: 40, 3: 6, 4: 6})

    def test_what_leaves_the_catalogue_leaves_every_list(self):
        self.put(self.level(7, product_id=MUG))
        self.store.delete(f"v3/catalog/products/{MUG}")
        self.store.delete(f"v3/catalog/products/{SHIRT}/variants/{SHIRT_S}")
        for variant_id in (10100, SHIRT_S):
            found = self.fetch(
                "/v3/inventory/items", **{"variant_id:in": str(variant_id)}
            )
            self.assertEqual(found["data"], [])
            found = self.fetch("/v3/catalog/variants", id=str(variant_id))
            self.assertEqual(found["data"], [])
        self.assertEqual(self.ids("/v3/catalog/products", **{"id:in": MUG}), [])
        self.assertEqual(self.put(self.level(1, product_id=MUG)).status_code, 422)
        self.assertEqual(self.put(self.level(1, variant_id=SHIRT_S)).status_code, 422)
        self.assertEqual(self.put(self.level(1, variant_id=SHIRT_M)).status_code, 200)
        self.store.delete("v3/catalog/products")
        self.assertEqual(self.fetch("/v3/inventory/items")["data"], [])


@tagged("post_install", "-at_install")
class TestOrdersMoveStock(SandboxStockCase):
    def place(self, sku=MUG_SKU, quantity=2, **cart):
        return self.store.place_order(
            lines=[{"sku": sku, "quantity": quantity}], **cart
        )

    def set_status(self, number, status_id):
        self.ask(f"/v2/orders/{number}", method="PUT", json={"status_id": status_id})

    def assertLevel(self, level, variant_id=10100, location_id=1):
        self.assertEqual(self.stock(variant_id)[location_id], level)

    def test_the_orders_that_are_there_at_the_start_have_taken_theirs(self):
        self.assertShown(MUG, MUG_LEVEL)
        self.assertShown(SHIRT, *[SHIRT_LEVEL] * 6)

    def test_a_placed_order_takes_stock_at_the_default_location(self):
        self.place()
        self.assertEqual(self.stock(10100), {1: 118, 2: 40, 3: 6})
        self.place(SHIRT_SKU, 3)
        self.assertEqual(self.stock(SHIRT_S), {1: 27, 2: 12, 3: 3})
        self.assertShown(SHIRT, 27)

    def test_what_is_picked_up_is_taken_there(self):
        self.place(pickup=3)
        self.assertEqual(self.stock(10100), {1: 120, 2: 40, 3: 4})

    def test_lines_of_one_variant_are_taken_together(self):
        self.store.place_order(
            lines=[{"sku": MUG_SKU}, {"sku": MUG_SKU, "quantity": 4}]
        )
        self.assertLevel(115)

    def test_what_is_not_tracked_or_no_product_moves_nothing(self):
        self.store.place_order(
            lines=[{"product_id": WRAPPING}, {"name": "By hand", "price": "5"}]
        )
        self.assertShown(WRAPPING, 0)

    def test_an_incomplete_order_takes_nothing_until_it_is_placed(self):
        number = self.place(status=0)
        self.assertLevel(120)
        self.set_status(number, 11)
        self.assertLevel(118)
        self.set_status(number, 9)
        self.assertLevel(118)

    def test_a_cancelled_order_gives_back_what_it_took_and_once(self):
        for status in (4, 5, 6):
            with self.subTest(status=status):
                number = self.place()
                self.assertLevel(118)
                for _ in range(2):
                    self.set_status(number, status)
                    self.assertLevel(120)
                self.set_status(number, 11)
                self.assertLevel(118)
                self.set_status(number, status)
                self.assertLevel(120)

    def test_the_store_may_not_give_back(self):
        settings = {"refund_order_stock_adjustment": False}
        self.store.put("v3/settings/inventory", settings)
        number = self.place()
        self.set_status(number, 5)
        self.assertLevel(118)
        self.set_status(number, 11)
        self.assertLevel(118)

    def test_no_location_has_less_than_nothing(self):
        number = self.place(quantity=121)
        self.assertLevel(0)
        self.set_status(number, 5)
        self.assertLevel(120)

    def test_stock_is_taken_on_shipping_if_the_store_says_so(self):
        self.store.take_stock_on("order_completed_or_shipped")
        for status in (2, 10):
            number = self.place()
            self.assertLevel(120)
            for following in (9, 3):
                self.set_status(number, following)
                self.assertLevel(120)
            for following in (status, 10, 2):
                self.set_status(number, following)
                self.assertLevel(118)
            self.set_status(number, 5)
            self.assertLevel(120)
        number = self.place(status=10)
        self.assertLevel(118)

    def test_orders_from_the_start_behave_like_others(self):
        (line, *_), number = self.fetch("/v2/orders/118/products"), 118
        before = self.stock(line["variant_id"])[1]
        self.set_status(number, 9)
        self.assertLevel(before, line["variant_id"])
        self.set_status(number, 5)
        self.assertLevel(before + line["quantity"], line["variant_id"])

    def test_an_order_from_the_start_is_taken_when_it_is_shipped(self):
        self.store.take_stock_on("order_completed_or_shipped")
        (line, *_) = self.fetch("/v2/orders/118/products")
        before = self.stock(line["variant_id"])[1]
        self.set_status(118, 2)
        self.assertLevel(before - line["quantity"], line["variant_id"])

    def test_the_control_path_moves_stock_like_the_api(self):
        number = self.place()
        self.store.patch(f"v2/orders/{number}", status_id=5)
        self.assertLevel(120)
        order = self.fetch(f"/v2/orders/{number}")
        self.store.put(f"v2/orders/{number}", {**order, "status_id": 11})
        self.assertLevel(118)
        self.store.patch(f"v2/orders/{number}", staff_notes="x")
        self.assertLevel(118)

    def test_a_new_start_forgets_what_was_taken(self):
        number = self.place()
        self.store.reset()
        self.assertLevel(120)
        self.assertEqual(self.place(), number)
        self.assertLevel(118)

    def test_settings_say_when_stock_is_taken(self):
        settings = self.fetch("/v3/settings/inventory")["data"]
        self.assertEqual(settings["update_stock_behavior"], "order_placed")
        self.store.take_stock_on("order_completed_or_shipped")
        after = self.fetch("/v3/settings/inventory")["data"]
        self.assertEqual(
            after,
            {**settings, "update_stock_behavior": "order_completed_or_shipped"},
        )


@tagged("post_install", "-at_install")
class TestStockOfAnySize(SandboxStockCase):
    """A store whose records are made when they are asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = SandboxStore(Scale(40).load)
        cls.addClassCleanup(cls.store.stop)

    def test_levels_lie_on_top_of_what_is_made(self):
        self.assertShown(1, 21)
        self.assertShown(5, 25, 25, 25, 25)
        self.put(
            self.level(0, product_id=1),
            self.level(9, 2, variant_id=501),
            self.level(8, sku="ART-00005-2"),
        )
        self.assertEqual(self.stock(100), {1: 0, 2: 1, 3: 1})
        self.assertEqual(self.stock(501), {1: 25, 2: 9, 3: 1})
        self.assertShown(1, 0)
        self.assertShown(5, 25, 8, 25, 25)
        self.assertShown(2, 22)
        self.store.reset()
        self.assertShown(5, 25, 25)

    def test_prices_and_levels_do_not_get_into_each_others_way(self):
        change = [{"id": 1, "price": 99}]
        self.put(self.level(0, product_id=1))
        self.ask("/v3/catalog/products", method="PUT", json=change)
        self.assertShown(1, 0)
        self.put(self.level(2, product_id=1))
        self.assertShown(1, 2)
        product = self.fetch("/v3/catalog/products/1", include="variants")["data"]
        self.assertEqual((product["price"], product["variants"][0]["price"]), (99, 99))


@tagged("post_install", "-at_install")
class TestRecordedStock(SeedCase):
    """Recordings say what they say, with the stock and without it."""

    PRODUCTS = [
        {"id": 77, "sku": "A", "inventory_level": 4, "inventory_tracking": "product"},
        {"id": 78, "sku": "B", "inventory_tracking": "variant", "inventory_level": 5},
    ]
    VARIANTS = [
        {"id": 80, "sku": "B-S", "inventory_level": 2, "option_values": [{"id": 1}]},
        {"id": 81, "sku": "B-M", "inventory_level": 3, "option_values": [{"id": 2}]},
    ]
    LOCATIONS = [
        {"id": 1, "code": "ONE", "label": "One", "enabled": True},
        {"id": 2, "code": "TWO", "label": "Two", "enabled": True},
    ]

    def levels(self):
        path = "/v3/catalog/products"
        return [
            (
                product["inventory_level"],
                [variant["inventory_level"] for variant in product["variants"]],
            )
            for product in self.fetch(path, include="variants")["data"]
        ]

    def put(self, *items):
        answer = ask(self.store.address, ABSOLUTE, method="PUT", json={"items": items})
        self.assertEqual(answer.status_code, 200, answer.text)

    def serve_products(self, **files):
        self.serve(
            {
                "v3/catalog/products.json": self.PRODUCTS,
                "v3/catalog/products/78/variants.json": self.VARIANTS,
                "v3/inventory/locations.json": self.LOCATIONS,
                **files,
            }
        )

    def test_without_the_stock_the_catalogue_says_what_was_recorded(self):
        self.serve_products()
        self.assertEqual(self.levels(), [(4, [4]), (5, [2, 3])])
        self.assertEqual(self.fetch("/v3/inventory/items")["data"], [])

    def test_stock_that_was_not_recorded_can_be_set(self):
        self.serve_products()
        self.put(
            {"location_id": 1, "product_id": 77, "quantity": 9},
            {"location_id": 2, "variant_id": 80, "quantity": 8},
            {"location_id": 1, "sku": "B-M", "quantity": 7},
        )
        self.assertEqual(self.levels(), [(9, [9]), (9, [2, 7])])
        self.put({"location_id": 1, "sku": "B-S", "quantity": 1})
        self.assertEqual(self.levels(), [(9, [9]), (8, [1, 7])])
        items = self.fetch("/v3/inventory/items")["data"]
        self.assertEqual(len(items), 3)

    def test_recorded_stock_counts(self):
        level = {"location_id": 1, "total_inventory_onhand": 6, "available_to_sell": 5}
        item = {"identity": {"variant_id": 80, "product_id": 78}, "locations": [level]}
        self.serve_products(**{"v3/inventory/items.json": [item]})
        self.assertEqual(self.levels()[1][1], [6, 3])
        self.assertEqual(
            self.fetch("/v3/inventory/items")["data"][0]["identity"], item["identity"]
        )
