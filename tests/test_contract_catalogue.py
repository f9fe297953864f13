"""The sandbox takes a catalogue as BigCommerce does, and refuses what it refuses."""

from odoo.tests import tagged

from .test_contract_sandbox import ContractCase

PRODUCTS = "/v3/catalog/products"
SHOWN = "variants,images,custom_fields,bulk_pricing_rules,channels"


def product(**fields):
    return {"name": "Felt hat", "type": "physical", "weight": 1, "price": 20, **fields}


def variant(sku, **labels):
    return {
        "sku": sku,
        "option_values": [
            {"option_display_name": name, "label": label}
            for name, label in labels.items()
        ],
    }


@tagged("post_install", "-at_install")
class TestSandboxCatalogue(ContractCase):
    def send(self, method, path, content):
        return self.ask(path, method=method, json=content)

    def make(self, **fields):
        status, body = self.send("POST", PRODUCTS, product(**fields))
        self.assertEqual(status, 200, body)
        return body["data"]

    def fetch_product(self, product_id):
        rows = self.fetch(PRODUCTS, **{"id:in": product_id, "include": SHOWN})["data"]
        return rows[0]

    def test_what_a_list_says_of_a_new_product_its_answer_has_said(self):
        made = self.make(brand_name="Millinery", sku="FELT", upc="012345678905")
        listed = self.fetch_product(made["id"])
        self.assertEqual(listed["channels"], [])
        for name, value in listed.items():
            if name != "channels":
                self.assertEqual(made[name], value, name)

    def test_a_product_without_options_has_a_base_variant_that_echoes_it(self):
        made = self.make(sku="FELT", width=3)
        (base,) = made["variants"]
        self.assertEqual(made["base_variant_id"], base["id"])
        self.assertEqual(
            (base["sku"], base["price"], base["width"], base["option_values"]),
            ("FELT", 20, 3, []),
        )

    def test_variants_make_their_options(self):
        made = self.make(variants=[variant("H-S", Size="S"), variant("H-M", Size="M")])
        (option,) = self.fetch(f"{PRODUCTS}/{made['id']}/options")["data"]
        self.assertEqual(option["display_name"], "Size")
        labels = [value["label"] for value in option["option_values"]]
        self.assertEqual(labels, ["S", "M"])

    def test_600_variants_are_taken_and_601_are_not(self):
        for count, expected in ((600, 200), (601, 422)):
            rows = [
                variant(f"{count}-{number}", A=str(number % 30), B=str(number // 30))
                for number in range(count)
            ]
            status, _body = self.send(
                "POST", PRODUCTS, product(name=f"N{count}", variants=rows)
            )
            self.assertEqual(status, expected)

    def test_a_name_and_a_sku_are_unique_whatever_their_case(self):
        self.make(sku="FELT")
        for fields in ({"name": "felt HAT"}, {"name": "Other", "sku": "felt"}):
            with self.subTest(fields):
                status, _body = self.send("POST", PRODUCTS, product(**fields))
                self.assertEqual(status, 409)

    def test_250_letters_are_a_name_and_251_are_none(self):
        for length, expected in ((250, 200), (251, 422)):
            status, _body = self.send("POST", PRODUCTS, product(name="x" * length))
            self.assertEqual(status, expected)

    def test_what_cannot_be_saved_is_named_beside_what_was(self):
        status, body = self.send("POST", PRODUCTS, product(custom_url={"url": "bad"}))
        self.assertEqual(status, 207)
        self.assertIn("custom_url", body["errors"]["errors"])
        self.assertEqual(self.fetch_product(body["data"][0]["id"])["name"], "Felt hat")

    def test_a_named_brand_is_made_once(self):
        first = self.make(brand_name="Millinery")
        second = self.make(name="Other", brand_name="millinery")
        self.assertEqual(first["brand_id"], second["brand_id"])

    def test_variants_are_added_with_values_that_are_there(self):
        made = self.make(variants=[variant("H-S", Size="S")])
        (option,) = self.fetch(f"{PRODUCTS}/{made['id']}/options")["data"]
        path = f"{PRODUCTS}/{made['id']}/options/{option['id']}/values"
        _status, value = self.send("POST", path, {"label": "M", "sort_order": 1})
        new = {
            "product_id": made["id"],
            "sku": "H-M",
            "option_values": [{"option_id": option["id"], "id": value["data"]["id"]}],
        }
        status, body = self.send("PUT", "/v3/catalog/variants", [new])
        self.assertEqual(status, 200)
        self.assertEqual(body["data"][0]["option_values"][0]["label"], "M")
        self.assertEqual(len(self.fetch_product(made["id"])["variants"]), 2)
        status, _body = self.send("PUT", "/v3/catalog/variants", [new])
        self.assertEqual(status, 422)

    def test_a_renamed_option_is_renamed_in_the_variants(self):
        made = self.make(variants=[variant("H-S", Size="S")])
        (option,) = self.fetch(f"{PRODUCTS}/{made['id']}/options")["data"]
        path = f"{PRODUCTS}/{made['id']}/options/{option['id']}"
        self.send("PUT", path, {"display_name": "Width"})
        value_id = option["option_values"][0]["id"]
        self.send("PUT", f"{path}/values/{value_id}", {"label": "1", "sort_order": 0})
        (value,) = self.fetch_product(made["id"])["variants"][0]["option_values"]
        self.assertEqual((value["option_display_name"], value["label"]), ("Width", "1"))

    def test_variants_that_are_none_are_refused_and_nothing_is_made(self):
        for variants in ({"a": 1}, ["x"], [{"sku": "X", "option_values": ["x"]}]):
            with self.subTest(variants):
                status, body = self.send("POST", PRODUCTS, product(variants=variants))
                self.assertEqual(status, 422)
                self.assertTrue(body["errors"])
        self.assertFalse(self.fetch(PRODUCTS, name="Felt hat")["data"])

    def test_what_a_product_refers_to_is_there_when_it_is_made_and_later(self):
        made = self.make()
        for name, value in (
            ("brand_id", 9999),
            ("tax_class_id", 9999),
            ("categories", [9999]),
        ):
            with self.subTest(name):
                fields = {"name": "Other", name: value}
                status, body = self.send("POST", PRODUCTS, product(**fields))
                self.assertEqual((status, list(body["errors"])), (409, [name]))
                change = {"id": made["id"], name: value}
                status, body = self.send("PUT", PRODUCTS, [change])
                self.assertEqual((status, list(body["errors"])), (409, [f"0.{name}"]))
        self.assertEqual(self.fetch_product(made["id"])["categories"], [])

    def test_a_sku_is_of_one_product_or_variant_when_it_is_changed(self):
        hat = self.make(sku="FELT", variants=[variant("H-S", Size="S")])
        other = self.make(name="Other", sku="OTHER")
        for sku in ("felt", "h-s"):
            change = {"id": other["id"], "sku": sku}
            self.assertEqual(self.send("PUT", PRODUCTS, [change])[0], 409, sku)
        change = {"id": hat["variants"][0]["id"], "sku": "other"}
        status, body = self.send("PUT", "/v3/catalog/variants", [change])
        self.assertEqual(status, 422)
        self.assertEqual([row["status"] for row in body["batch_errors"]], [409])
        # its own, in other letters, is nobody else's
        change = {"id": other["id"], "sku": "Other"}
        self.assertEqual(self.send("PUT", PRODUCTS, [change])[0], 200)

    def test_255_letters_are_a_brand_and_256_are_none(self):
        for length, expected in ((255, 200), (256, 422)):
            fields = {"name": str(length), "brand_name": "x" * length}
            status, _body = self.send("POST", PRODUCTS, product(**fields))
            self.assertEqual(status, expected)

    def test_of_categories_of_which_one_is_refused_none_is_made(self):
        path = "/v3/catalog/trees/categories"
        content = {"tree_id": 1, "parent_id": 0, "name": "Hats"}
        self.assertEqual(self.send("POST", path, [content, content])[0], 422)
        self.assertFalse(self.fetch(path, name="Hats")["data"])
        self.assertEqual(self.send("POST", path, [content])[0], 201)

    def test_a_variant_is_disabled_and_enabled_again(self):
        made = self.make(variants=[variant("H-S", Size="S")])
        for value in (True, False):
            change = {"id": made["variants"][0]["id"], "purchasing_disabled": value}
            status, _body = self.send("PUT", "/v3/catalog/variants", [change])
            self.assertEqual(status, 200)
            (row,) = self.fetch_product(made["id"])["variants"]
            self.assertIs(row["purchasing_disabled"], value)

    def test_products_are_on_channels_once_however_often_they_are_put_there(self):
        made = self.make()
        path = f"{PRODUCTS}/channel-assignments"
        pair = {"product_id": made["id"], "channel_id": 1}
        for _time in range(2):
            status, _body = self.send("PUT", path, [pair])
            self.assertEqual(status, 204)
        self.assertEqual(self.fetch_product(made["id"])["channels"], [1])
        status, _body = self.send("PUT", path, [{**pair, "channel_id": 999}])
        self.assertEqual(status, 422)

    def test_categories_are_unique_among_their_siblings(self):
        path = "/v3/catalog/trees/categories"
        status, body = self.send(
            "POST", path, [{"tree_id": 1, "parent_id": 0, "name": "Hats"}]
        )
        self.assertEqual(status, 201, body)
        hats = body["data"][0]["category_id"]
        below = {"tree_id": 1, "parent_id": hats, "name": "Hats"}
        self.assertEqual(self.send("POST", path, [below])[0], 201)
        self.assertEqual(self.send("POST", path, [below])[0], 422)
        found = self.fetch(path, **{"tree_id:in": 1, "name": "Hats"})["data"]
        self.assertEqual([row["parent_id"] for row in found], [0, hats])

    def test_50_letters_and_8_levels_are_a_category(self):
        path, parent_id = "/v3/catalog/trees/categories", 0
        for length, expected in ((50, 201), (51, 422)):
            content = [{"tree_id": 1, "parent_id": 0, "name": "x" * length}]
            self.assertEqual(self.send("POST", path, content)[0], expected)
        for depth in range(1, 10):
            content = {"tree_id": 1, "parent_id": parent_id, "name": f"Level {depth}"}
            status, body = self.send("POST", path, [content])
            self.assertEqual(status, 201 if depth <= 8 else 422)
            parent_id = body["data"][0]["category_id"] if status == 201 else parent_id
