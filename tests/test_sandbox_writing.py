"""Products and variants are changed as bigcommerce-api.md §6.1 and §6.5 say."""

from odoo.tests import tagged

from .sandbox_case import SeedCase, StoreCase, ask

PRODUCTS, VARIANTS = "/v3/catalog/products", "/v3/catalog/variants"
MUG, PAN, HOOD, SHIRT = 101, 102, 131, 130
MUG_VARIANT, HOOD_ZIP, HOOD_PLAIN = 10100, 13101, 13102
WRITING_TIME = "2026-12-24T18:00:00+00:00"
RULE = {"quantity_min": 10, "quantity_max": 0, "type": "fixed", "amount": 9.5}


class WritingCase(StoreCase):
    def put(self, path, *changes, status=200):
        answer = self.ask(path, method="PUT", json=list(changes))
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.json()

    def product(self, product_id, include="variants,bulk_pricing_rules,custom_fields"):
        return self.fetch(f"{PRODUCTS}/{product_id}", include=include)["data"]

    def variants(self, product_id):
        return {
            variant["id"]: variant for variant in self.product(product_id)["variants"]
        }

    def freeze(self):
        self.store.control("PUT", "clock", {"frozen": True, "now": WRITING_TIME})


@tagged("post_install", "-at_install")
class TestWritingProducts(WritingCase):
    def test_what_is_named_changes_and_nothing_else(self):
        before = self.product(MUG)
        self.freeze()
        body = self.put(PRODUCTS, {"id": MUG, "price": 13.75, "is_visible": False})
        after = self.product(MUG)
        self.assertEqual(
            {name for name in after if after[name] != before[name]},
            {"price", "is_visible", "calculated_price", "date_modified", "variants"},
        )
        self.assertEqual(after["date_modified"], WRITING_TIME)
        (saved,) = body["data"]
        self.assertEqual(saved, {name: after[name] for name in saved})
        self.assertEqual(saved["price"], 13.75)

    def test_the_base_variant_follows_its_product(self):
        change = {"price": 13.75, "cost_price": 6, "weight": 0.9, "sku": "MUG-2",
                  "upc": "1", "mpn": "2", "gtin": "3"}  # fmt: skip
        self.put(PRODUCTS, {"id": MUG, **change})
        variant = self.variants(MUG)[MUG_VARIANT]
        self.assertEqual({name: variant[name] for name in change}, change)
        self.assertEqual(variant["calculated_price"], 13.75)
        self.assertEqual(variant["calculated_weight"], 0.9)
        (item,) = self.fetch("/v3/inventory/items", **{"sku:in": "MUG-2"})["data"]
        self.assertEqual(item["identity"]["variant_id"], MUG_VARIANT)
        self.assertEqual(self.ids(PRODUCTS, sku="MUG-2"), [MUG])

    def test_variants_with_a_price_of_their_own_keep_it(self):
        self.put(PRODUCTS, {"id": HOOD, "price": 70})
        variants = self.variants(HOOD)
        with_zip, plain = variants[HOOD_ZIP], variants[HOOD_PLAIN]
        self.assertEqual((with_zip["price"], with_zip["calculated_price"]), (84, 84))
        self.assertEqual((plain["price"], plain["calculated_price"]), (None, 70))

    def test_a_sale_price_is_what_is_paid_until_it_is_none(self):
        self.put(PRODUCTS, {"id": MUG, "sale_price": 10})
        self.assertEqual(self.product(MUG)["calculated_price"], 10)
        self.put(PRODUCTS, {"id": MUG, "sale_price": 0})
        self.assertEqual(self.product(MUG)["calculated_price"], 12.5)

    def test_rules_and_custom_fields_replace_those_that_are_there(self):
        field = {"name": "Made of", "value": "Steel"}
        change = {"bulk_pricing_rules": [RULE], "custom_fields": [field]}
        (saved,) = self.put(PRODUCTS, {"id": MUG, **change})["data"]
        after = self.product(MUG)
        for name, row in {"bulk_pricing_rules": RULE, "custom_fields": field}.items():
            (kept,) = after[name]
            self.assertTrue(kept["id"])
            self.assertEqual(kept, {"id": kept["id"], **row})
            self.assertEqual(saved[name], [kept])
        lower = {**RULE, "quantity_min": 2, "quantity_max": 9, "type": "percent"}
        rules = [*after["bulk_pricing_rules"], {**lower, "amount": ".10"}]
        self.put(PRODUCTS, {"id": MUG, "bulk_pricing_rules": rules})
        first, second = self.product(MUG)["bulk_pricing_rules"]
        self.assertEqual(first, rules[0])
        self.assertEqual((second["amount"], second["type"]), (0.1, "percent"))
        self.assertNotEqual(first["id"], second["id"])
        self.put(PRODUCTS, {"id": MUG, "price": 12})
        self.assertEqual(len(self.product(MUG)["bulk_pricing_rules"]), 2)
        self.put(PRODUCTS, {"id": MUG, "bulk_pricing_rules": []})
        self.assertEqual(self.product(MUG)["bulk_pricing_rules"], [])

    def test_as_many_as_the_api_takes_and_no_more(self):
        for count, status in ((0, 422), (1, 200), (10, 200), (11, 413)):
            changes = [{"id": MUG + number, "price": 1} for number in range(count)]
            with self.subTest(count=count):
                body = self.put(PRODUCTS, *changes, status=status)
                if status == 200:
                    self.assertEqual(len(body["data"]), count)
        for body in ({}, {"id": MUG}, "x"):
            answer = self.ask(PRODUCTS, method="PUT", json=body)
            self.assertEqual(answer.status_code, 422)

    def test_what_is_not_valid_is_named_and_nothing_is_saved(self):
        for change, place in (
            ({"price": -1}, "1.price"),
            ({"price": "12"}, "1.price"),
            ({"price": None}, "1.price"),
            ({"price": True}, "1.price"),
            ({"weight": -0.1}, "1.weight"),
            ({"name": ""}, "1.name"),
            ({"name": "x" * 251}, "1.name"),
            ({"sku": "x" * 256}, "1.sku"),
            ({"upc": "x" * 15}, "1.upc"),
            ({"is_visible": 1}, "1.is_visible"),
            ({"inventory_tracking": "some"}, "1.inventory_tracking"),
            ({"categories": 23}, "1.categories"),
            (
                {"bulk_pricing_rules": [RULE, {**RULE, "type": "gift"}]},
                "1.bulk_pricing_rules[1]",
            ),
            (
                {"bulk_pricing_rules": [{**RULE, "quantity_min": 1}]},
                "1.bulk_pricing_rules[0]",
            ),
            (
                {"bulk_pricing_rules": [{**RULE, "quantity_max": 9}]},
                "1.bulk_pricing_rules[0]",
            ),
            (
                {"bulk_pricing_rules": [{**RULE, "amount": "much"}]},
                "1.bulk_pricing_rules[0]",
            ),
        ):
            with self.subTest(change=change):
                body = self.put(
                    PRODUCTS, {"id": MUG, "price": 1}, {"id": PAN, **change}, status=422
                )
                self.assertEqual(list(body["errors"]), [place])
        for change in ({}, {"id": "101"}, {"id": None}, 5):
            answer = self.ask(PRODUCTS, method="PUT", json=[{"id": MUG}, change])
            self.assertEqual(answer.status_code, 422)
        self.put(PRODUCTS, {"id": MUG, "price": 1}, {"id": 9}, status=404)
        self.assertEqual(self.product(MUG)["price"], 12.5)

    def test_what_contradicts_something_else_is_refused(self):
        overlapping = [{**RULE, "quantity_max": 20}, {**RULE, "quantity_min": 20}]
        for change in (
            {"name": "cast iron PAN"},
            {"sku": "skillet-10"},
            {"brand_id": 99},
            {"bulk_pricing_rules": overlapping},
        ):
            with self.subTest(change=change):
                self.put(PRODUCTS, {"id": MUG, "price": 1, **change}, status=409)
        same = [{"id": MUG, "name": "One"}, {"id": PAN, "name": "one"}]
        self.put(PRODUCTS, *same, status=409)
        self.assertEqual(self.product(MUG)["price"], 12.5)
        own = {"name": "Enamel mug", "sku": "MUG-ENAMEL", "brand_id": 12}
        self.put(PRODUCTS, {"id": MUG, **own})
        self.assertEqual(self.product(MUG)["brand_id"], 12)

    def test_a_part_that_fails_is_told_and_all_else_is_saved(self):
        for part, value in (
            ("inventory_level", -1),
            ("custom_url", {"url": "/" + "x" * 255}),
            ("custom_url", {"url": "not an address"}),
        ):
            with self.subTest(part=part):
                self.store.reset()
                before = self.product(PAN)
                body = self.put(
                    PRODUCTS,
                    {"id": MUG, "price": 1},
                    {"id": PAN, "price": 2, part: value},
                    status=207,
                )
                self.assertEqual(list(body["errors"]["errors"]), [f"1.{part}"])
                saved = [(row["id"], row["price"]) for row in body["data"]]
                self.assertEqual(saved, [(MUG, 1), (PAN, 2)])
                self.assertEqual(self.product(MUG)["price"], 1)
                self.assertEqual(self.product(PAN)["price"], 2)
                self.assertEqual(self.product(PAN)[part], before[part])

    def test_stock_that_is_written_here_is_that_of_the_default_location(self):
        self.put(PRODUCTS, {"id": MUG, "inventory_level": 3})
        (item,) = self.fetch("/v3/inventory/items", **{"variant_id:in": MUG_VARIANT})[
            "data"
        ]
        levels = [level["total_inventory_onhand"] for level in item["locations"]]
        self.assertEqual(levels, [3, 40, 6])
        body = self.put(PRODUCTS, {"id": SHIRT, "inventory_level": 3}, status=207)
        self.assertIn("0.inventory_level", body["errors"]["errors"])
        self.assertEqual(self.product(SHIRT)["inventory_level"], 180)

    def test_what_is_read_only_stays(self):
        before = self.product(MUG)
        change = {"date_created": "x", "calculated_price": 1, "base_variant_id": 1,
                  "variants": [], "total": 1}  # fmt: skip
        self.put(PRODUCTS, {"id": MUG, **change})
        after = self.product(MUG)
        for name in ("date_created", "calculated_price", "base_variant_id", "variants"):
            self.assertEqual(after[name], before[name])

    def test_a_merchant_changes_a_product_with_its_base_variant(self):
        self.store.patch(f"v3/catalog/products/{MUG}", price=15, sku="MUG-3")
        variant = self.variants(MUG)[MUG_VARIANT]
        self.assertEqual((variant["price"], variant["sku"]), (15, "MUG-3"))
        self.store.patch(
            f"v3/catalog/products/{MUG}", price=16, date_modified=WRITING_TIME
        )
        self.assertEqual(self.product(MUG)["date_modified"], WRITING_TIME)
        self.freeze()
        path = f"v3/catalog/products/{MUG}/variants/{MUG_VARIANT}"
        self.store.patch(path, price=17)
        product = self.product(MUG)
        self.assertEqual((product["price"], product["calculated_price"]), (17, 17))
        self.assertEqual(product["date_modified"], WRITING_TIME)


@tagged("post_install", "-at_install")
class TestWritingVariants(WritingCase):
    def test_what_is_named_changes_and_nothing_else(self):
        before = self.variants(HOOD)
        self.freeze()
        body = self.put(
            VARIANTS, {"id": HOOD_ZIP, "price": 90}, {"id": HOOD_PLAIN, "weight": 2}
        )
        after = self.variants(HOOD)
        self.assertEqual(after[HOOD_ZIP]["price"], 90)
        self.assertEqual(after[HOOD_ZIP]["calculated_price"], 90)
        self.assertEqual(after[HOOD_PLAIN]["weight"], 2)
        self.assertEqual(after[HOOD_PLAIN]["calculated_weight"], 2)
        self.assertEqual(
            [key for key in after if after[key] != before[key]], [HOOD_ZIP, HOOD_PLAIN]
        )
        self.assertEqual(body["data"], [after[HOOD_ZIP], after[HOOD_PLAIN]])
        self.assertEqual(self.product(HOOD)["date_modified"], WRITING_TIME)
        self.assertEqual(self.product(HOOD)["price"], 79)

    def test_null_is_inherited_again(self):
        self.put(VARIANTS, {"id": HOOD_ZIP, "price": None, "weight": None})
        variant = self.variants(HOOD)[HOOD_ZIP]
        self.assertEqual((variant["price"], variant["calculated_price"]), (None, 79))
        self.assertEqual(variant["calculated_weight"], 1.8)

    def test_a_product_follows_its_base_variant(self):
        self.put(VARIANTS, {"id": MUG_VARIANT, "price": 14, "sku": "MUG-4"})
        product = self.product(MUG)
        self.assertEqual(
            (product["price"], product["calculated_price"], product["sku"]),
            (14, 14, "MUG-4"),
        )
        self.put(VARIANTS, {"id": MUG_VARIANT, "price": None})
        self.assertEqual(self.product(MUG)["price"], 14)
        self.assertEqual(self.variants(MUG)[MUG_VARIANT]["price"], 14)

    def test_as_many_as_the_api_takes_and_no_more(self):
        ids = [variant["id"] for variant in self.fetch(VARIANTS, limit=60)["data"]]
        for count, status in ((0, 422), (1, 200), (50, 200), (51, 413)):
            with self.subTest(count=count):
                changes = [{"id": number, "cost_price": 1} for number in ids[:count]]
                body = self.put(VARIANTS, *changes, status=status)
                if status == 200:
                    self.assertEqual([row["id"] for row in body["data"]], ids[:count])

    def test_each_that_is_wrong_is_named_and_nothing_is_saved(self):
        body = self.put(
            VARIANTS,
            {"id": HOOD_ZIP, "price": 1},
            {"id": HOOD_PLAIN, "price": -1},
            {"id": 5, "price": 1},
            {"id": 13103, "sku": "x" * 256},
            status=422,
        )
        errors = body["batch_errors"]
        self.assertEqual([item["status"] for item in errors], [422, 404, 422])
        self.assertIn(str(HOOD_PLAIN), errors[0]["errors"]["price"])
        self.assertIn("5", errors[1]["title"])
        self.assertEqual(self.variants(HOOD)[HOOD_ZIP]["price"], 84)

    def test_a_sku_is_one_variants(self):
        taken = "shirt-s-MOS"
        for changes in (
            [{"id": HOOD_ZIP, "sku": taken}],
            [{"id": HOOD_ZIP, "sku": "NEW"}, {"id": HOOD_PLAIN, "sku": "new"}],
        ):
            body = self.put(VARIANTS, *changes, status=422)
            self.assertEqual({item["status"] for item in body["batch_errors"]}, {409})
        self.put(VARIANTS, {"id": 13001, "sku": "SHIRT-NEW"})
        self.put(VARIANTS, {"id": HOOD_ZIP, "sku": taken})
        (item,) = self.fetch("/v3/inventory/items", **{"sku:in": taken})["data"]
        self.assertEqual(item["identity"]["variant_id"], HOOD_ZIP)

    def test_stock_that_is_written_here_is_that_of_the_default_location(self):
        self.put(VARIANTS, {"id": HOOD_ZIP, "inventory_level": 2})
        (item,) = self.fetch("/v3/inventory/items", **{"variant_id:in": HOOD_ZIP})[
            "data"
        ]
        levels = [level["total_inventory_onhand"] for level in item["locations"]]
        self.assertEqual(levels, [2, 4, 1])
        self.assertEqual(self.variants(HOOD)[HOOD_ZIP]["inventory_level"], 2)


@tagged("post_install", "-at_install")
class TestWritingRecordings(SeedCase):
    def put(self, path, *changes):
        answer = ask(self.store.address, path, method="PUT", json=list(changes))
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()["data"]

    def test_a_recording_with_hardly_anything_in_it_can_be_changed(self):
        self.serve(
            {
                "v3/catalog/products.json": [
                    {"id": 77, "custom_fields": [{"id": 1, "name": "a", "value": "b"}]},
                    {"id": 78, "variants": [{"id": 80, "sku": "B"}, {"sku": "C"}]},
                ]
            }
        )
        self.put(PRODUCTS, {"id": 77, "price": 5, "custom_fields": []})
        product = self.fetch(PRODUCTS, **{"id:in": "77"}, include="variants")["data"][0]
        self.assertEqual((product["price"], product["variants"][0]["price"]), (5, 5))
        self.assertNotIn("custom_fields", product)
        (variant,) = self.put(VARIANTS, {"id": 80, "weight": 3})
        self.assertEqual(variant["weight"], 3)
        self.assertEqual(len(self.fetch(f"{PRODUCTS}/78/variants")["data"]), 2)
        base_id = product["variants"][0]["id"]
        self.put(VARIANTS, {"id": base_id, "price": 6})
        self.assertEqual(self.fetch(f"{PRODUCTS}/77")["data"]["price"], 6)
