"""The page on the configuration of an instance, walked in a real browser.

A test per heading, in the page's order: what stands under it is entered through the
form, and what the page promises of it is looked for in orders, products, stock, books
and in the store. The page itself is not part of this repository: it lies beside the
checkout, or where ``BIGCOMMERCE_PAGE`` says.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .delivery_case import BOWL, MUG
from .page_case import (
    INSTANCES,
    PageCase,
    click,
    contains,
    get_caption,
    miss,
    open_tab,
    read_table,
    save,
    see,
)
from .payment_case import PaymentCase
from .sandbox_case import ask
from .stock_case import StockCase
from .test_alerts import USER, missing

CHECKOUT = Path(__file__).resolve().parents[1]
PAGE = Path(
    os.environ.get(
        "BIGCOMMERCE_PAGE",
        CHECKOUT.parent / "shared" / "reference" / "000_cc931563249ff870.txt",
    )
)
HIDDEN = " (Only visible in developer mode)"
NOTES = {"Note", "Tip"}
SMALL_WORDS = {"a", "an", "and", "in", "of", "on", "the", "to"}

EVERYTHING = {
    "lines": [
        MUG,
        {"name": "Advice", "price": "20.00", "type": "digital"},
        {"name": "Shelf", "price": "40.00"},
    ],
    "taxes": [{"name": "VAT", "rate": "20"}],
    "shipping": ["8.00"],
    "shipping_method": "None",
    "gift_certificate": "5.00",
}
# Headings of the page with the tab of the form and, where there is one, the list; below
# each the captions as the page writes them, with field, visit of the form, what is set,
# and what is checked. The company goes before its warehouse, which is one of its own.
TABLE = read_table("""
Create a BigCommerce instance in Odoo @ Credentials
Name | name | 1 | Harbour & Hill | it_is_called_so
Marketplace | marketplace | 1 | BigCommerce | it_is_bigcommerce
Store Hash | store_hash | 1 | sandbox | store_is_reached
Access Token | access_token | 1 | sandbox-token | it_is_let_in

Last Processed On @ Automatic Jobs @ automatic_job_ids
Last Processed On | .last_processed_on | 1 | | it_is_set_by_the_job

Configurations @ Configuration
Company | company_id | 1 | Branch | orders_are_of_it
Warehouse | warehouse_id | 1 | Shed | orders_leave_from_it
Country | country_id | 1 | Canada | addresses_lie_in_it
Language | language_id | 1 | French | contacts_speak_it
Log Level | log_level | 0 | Error | log_has
Log Level | log_level | 1 | Success | log_has
Log Level | log_level | 2 | All | log_has
Queue Batch Limit * | queue_batch_limit | 2 | 2 | batches_are_no_larger

Product Configurations @ Products
Pricelist | pricelist_id | 1 | Wholesale | it_has_prices
Export Odoo Product's Sale Price? | export_sale_price | 0 | off | price_is_sent
Export Odoo Product's Sale Price? | export_sale_price | 1 | on | price_is_sent
Create Odoo Products? | create_odoo_products | 0 | off | products_are_made
Create Odoo Products? | create_odoo_products | 1 | on | products_are_made
Update Category in Odoo Products? | update_categories | 0 | off | products_are_sorted
Update Category in Odoo Products? | update_categories | 1 | on | products_are_sorted
Sync Listing Images? | sync_listing_images | 0 | off | listings_have_pictures
Sync Listing Images? | sync_listing_images | 1 | on | listings_have_pictures

Stock Configurations @ Stock
Weight Unit | weight_unit | 1 | | weights_are_converted
Stock Based On | stock_basis | 0 | Free To Use Quantity | level_is_sent
Stock Based On | stock_basis | 1 | Quantity On Hand | level_is_sent
Stock Based On | stock_basis | 2 | Forecasted Quantity | level_is_sent
Validate Inventory Adjustment? | validate_inventory_adjustment | 1 | on | is_applied
Validate Inventory Adjustment? | validate_inventory_adjustment | 2 | off | count_waits

Orders Configurations @ Orders
Order Status | order_status_ids | 1 | Awaiting Shipment | orders_are_selected
Mark Order as Paid? | mark_order_as_paid | 0 | off | store_is_told
Mark Order as Paid? | mark_order_as_paid | 1 | on | store_is_told
Use Marketplace's Order Sequence? | use_marketplace_sequence | 1 | on | name_is_number
Use Marketplace's Order Sequence? | use_marketplace_sequence | 2 | off | name_is_number
Order Prefix | order_prefix | 1 | BC- | names_begin_with_it
Sales Team | team_id | 1 | Web Shops | orders_are_sold_by_it
Salesperson | user_id | 1 | Sally Seller | orders_are_looked_after
Tax System | tax_system | 0 | Odoo's Default Tax Behaviour (Taxes | odoos_taxes
Tax System | tax_system | 1 | Follow Marketplace Tax (no fiscal position | stores_taxes
Tax System | tax_system | 2 | Follow Marketplace Tax and applies fiscal | mapped_taxes
Tax Account | tax_account_id | 1 | Tax Due | taxes_have_it
Tax Account on Credit Notes | refund_tax_account_id | 1 | Tax Back | notes_have_it
Tax Rounding | tax_rounding | 1 | 2 | rates_are_rounded
Tax Rounding | tax_rounding | 2 | 0 | rates_are_rounded
Custom Product * | custom_product_id | 2 | My Service | digital_lines_are
Custom Storable Product * | custom_storable_product_id | 2 | My Goods | goods_are
Gift Certificate Product * | gift_certificate_product_id | 2 | My Voucher | vouchers_are
Delivery Product * | delivery_product_id | 2 | My Delivery | deliveries_are_charged_as
Create Single Invoice? * | single_invoice | 0 | on | invoices_are_made
Create Single Invoice? * | single_invoice | 2 | off | invoices_are_made

Customer Configurations @ Customers
Receivable Account | receivable_account_id | 1 | Web Shop | customers_owe_on_it
Create Company Contact? | create_company_contact | 0 | off | company_is_a_contact
Create Company Contact? | create_company_contact | 1 | on | company_is_a_contact

Financial Workflow Configuration @ Workflow @ workflow_line_ids
Payment Terms | .payment_term_id | 1 | In 30 Days | payment_is_expected
Marketplace Workflow | .workflow_id | 1 | Everything | order_goes_all_the_way
Payment Gateway | .gateway_id | 1 | Credit Card | other_gateways_wait
Payment Status | .payment_status | 1 | Captured | other_statuses_wait

Automatic Jobs Configurations @ Automatic Jobs @ automatic_job_ids
Import Order | . | 1 | 10 Minutes | orders_come
Export Order Status / Tracking Information | . | 1 | 2 Hours | shipments_and_status_go
Import Product's Inventory | . | 1 | 3 Days | levels_come
Export Product's Inventory | . | 1 | 45 Minutes | levels_go
Export Product's Price | . | 1 | 1 Weeks | prices_go
Interval Number | .interval_number | 1 | | next_runs_are_intervals_later
Interval Unit | .interval_unit | 1 | | none_starts_with_another
Active | .active | 1 | | others_do_not_run

Notification & Alerts @ Notification & Alerts
Activity Configuration | | 1 | | there_is_one_activity
Activity | alert_activity_type_id | 1 | To-Do | activity_is_of_type
Due Date In | alert_days | 1 | 3 | activity_is_due
Responsible | alert_user_id | 1 | Rita | activity_is_of
Smart Notification Configuration | | 1 | | mail_sums_up
Recipients | notification_user_ids | 1 | Rita | mail_goes_to

Confirming the Instance @ Credentials
Test Connection | action_test_connection | 1 | Connected to Harbour & Hill | it_works
Confirm | action_confirm | 1 | Harbour & Hill is confirmed | it_is_confirmed
Confirm | action_confirm | 1 | | currency_and_pricelist
Confirm | action_confirm | 1 | | weight_unit
Confirm | action_confirm | 1 | | order_statuses
Confirm | action_confirm | 1 | | channels_locations_and_tax_classes
Confirm | action_confirm | 1 | | categories_and_brands
""")
(
    CREATE,
    LAST_PROCESSED,
    CONFIGURATIONS,
    PRODUCTS,
    STOCK,
    ORDERS,
    CUSTOMERS,
    WORKFLOW,
    JOBS,
    ALERTS,
    CONFIRMING,
) = TABLE


def get_page():
    """Return the page's headings, each with the lines below it.

    Where the page is not there, the table stands for it.
    """
    if not PAGE.is_file():
        return {
            heading: [
                entry.caption + (HIDDEN if entry.is_hidden else "")
                for entry in section.entries
            ]
            for heading, section in TABLE.items()
        }
    headings = {}
    for line in PAGE.read_text().replace("’", "'").splitlines():
        if line.endswith("¶"):
            lines = headings[line.rstrip("¶")] = []
        else:
            lines.append(line.strip())
    return headings


def find_captions(lines):
    """Return the captions among the lines below a heading: caption -> is it hidden.

    A caption stands on a line of its own with its words capitalised, or before a colon
    and what is to be done with it.
    """
    captions = {}
    for line in lines:
        text = line.removesuffix(HIDDEN)
        words = re.findall(r"[A-Za-z'-]+", text)
        if match := re.match(r"([A-Z][\w ]+): (Select|Choose|Default)\b", line):
            captions[match[1]] = f"modify the {match[1]}, activate" in " ".join(lines)
        elif (
            words
            and text not in NOTES
            and not re.search(r"[.:,()]|\d", text)
            and all(word[0].isupper() or word in SMALL_WORDS for word in words)
        ):
            # The form has one of each in a row.
            parts = text.replace("Gateways", "Gateway").split(" & ")
            captions |= dict.fromkeys(parts, text != line)
    return captions


@tagged("post_install", "-at_install")
class TestCaptions(StockCase, PageCase):
    TABLE = TABLE

    def test_the_table_has_the_headings_of_the_page_in_its_order(self):
        self.assertEqual(list(TABLE), list(get_page()))

    def test_every_caption_of_the_page_is_in_the_table_under_its_heading(self):
        for heading, lines in get_page().items():
            known = {entry.caption: entry.is_hidden for entry in TABLE[heading].entries}
            for caption, is_hidden in find_captions(lines).items():
                with self.subTest(heading=heading, caption=caption):
                    self.assertIn(caption, known)
                    self.assertEqual(is_hidden, known[caption])

    def test_every_caption_of_the_table_is_on_the_page(self):
        page = get_page()
        for heading, section in TABLE.items():
            text = " ".join([heading, *page[heading]]).casefold()
            for entry in section.entries:
                with self.subTest(heading=heading, caption=entry.caption):
                    self.assertIn(entry.caption.casefold(), text)

    def test_every_caption_is_on_the_form(self):
        self.env.ref("base.user_admin").group_ids += self.env.ref(
            "base.group_multi_company"
        )
        self.instance.write(
            {
                "tax_system": "marketplace",
                "tax_account_id": self.env["account.account"].search([], limit=1).id,
                "notification_user_ids": self.env.ref("base.user_admin").ids,
            }
        )
        steps = []
        for section in TABLE.values():
            steps.append(open_tab(section.tab))
            steps += [
                see(get_caption(entry))
                for entry in section.entries
                if entry.caption != "Confirm"
            ]
        self.visit_instance(*steps, is_developer=True)


@tagged("post_install", "-at_install")
class TestConfigurationPage(PaymentCase, StockCase, PageCase):
    """Each test begins with a confirmed instance, its listings imported."""

    TABLE = TABLE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.default"].set("bigcommerce.instance", "api_url", cls.store.address)
        cls.admin = cls.env.ref("base.user_admin")

    # Create a BigCommerce instance in Odoo

    def test_01_an_instance_is_created_as_the_page_says(self):
        self.instance.unlink()
        steps = [click(".o_list_button_add"), open_tab("Credentials")]
        for entry in self.get_entries(CREATE, 1):
            steps += self.enter(entry)
        back = [
            click(".o_back_button, .breadcrumb-item a"),
            see(f".o_data_row{contains('Harbour & Hill')}{contains('Draft')}"),
        ]
        self.visit(INSTANCES, *steps, save(), back)
        self.instance = self.env["bigcommerce.instance"].search([])
        self.check(CREATE)

    def check_it_is_called_so(self, name):
        self.assertEqual(self.instance.display_name, name)

    def check_it_is_bigcommerce(self, marketplace):
        offered = self.instance._fields["marketplace"].selection
        self.assertEqual([label for _key, label in offered], [marketplace])

    def check_store_is_reached(self, store_hash):
        with self.instance._connect() as client:
            self.assertTrue(client.transport.base_url.endswith(f"/{store_hash}"))
            self.assertEqual(client.get_store()["name"], "Harbour & Hill")

    def check_it_is_let_in(self, _token):
        self.instance.action_test_connection()
        self.assertFalse(self.instance.is_access_refused)

    # Last Processed On

    def test_02_last_processed_on_is_what_the_page_says(self):
        self.visit_instance(
            open_tab("Automatic Jobs"),
            see(get_caption(self.get_entries(LAST_PROCESSED, 1)[0])),
            see(self.get_cell("Import Orders", "last_processed_on", is_empty=True)),
            self.enter_in_row("automatic_job_ids", "Import Orders", active=True),
            save(),
        )
        self.check(LAST_PROCESSED)

    def check_it_is_set_by_the_job(self, _value):
        job = self.get_job("import_orders")
        self.assertFalse(job.last_processed_on)
        before = fields.Datetime.now()
        self.run_due_jobs()
        self.assertGreaterEqual(job.last_processed_on, before)
        self.visit_instance(
            open_tab("Automatic Jobs"),
            see(self.get_cell("Import Orders", "last_processed_on")),
        )
        # It is the last successful execution.
        job.last_processed_on = "2026-01-01"
        self.store.fault("^/v2/orders$", status=403, times=0)
        self.run_due_jobs()
        self.assertEqual(str(job.last_processed_on), "2026-01-01 00:00:00")

    # Configurations

    def test_03_configurations_do_what_the_page_says(self):
        self.check(CONFIGURATIONS, 0)
        self.instance.unlink()
        self.env["res.lang"]._activate_lang("fr_FR")
        self.branch = self.env["res.company"].create(
            {"name": "Branch", "currency_id": self.env.ref("base.USD").id}
        )
        self.env["stock.warehouse"].create(
            {"name": "Shed", "code": "SHED", "company_id": self.branch.id}
        )
        self.admin.company_ids += self.branch
        self.instance = self.create_instance()
        companies = f"{self.admin.company_id.id}-{self.branch.id}"
        self.fill(CONFIGURATIONS, cookies={"cids": companies})
        self.instance.action_confirm()
        self.drain()
        self.order = self.import_shelf().sale_order_id
        self.check(CONFIGURATIONS)
        menu = "bigcommerce_connector.bigcommerce_log_menu"
        logs = [
            click(f"[data-menu-xmlid='{menu}']"),
            see(f".o_list_view .o_data_row{contains('Success')}"),
        ]
        self.fill(CONFIGURATIONS, 2, after=logs, cookies={"cids": companies})
        self.check(CONFIGURATIONS, 2)

    def import_shelf(self, **cart):
        """Import an order of something that is in no catalogue, and bears no tax."""
        shelf = {"name": "Shelf", "price": "40.00"}
        return self.import_order(**{"lines": [shelf], "taxes": [], **cart})

    def check_orders_are_of_it(self, name):
        self.assertEqual(self.order.company_id.name, name)

    def check_orders_leave_from_it(self, name):
        self.assertEqual(self.order.warehouse_id.name, name)

    def check_addresses_lie_in_it(self, name):
        nowhere = {
            "first_name": "Nora",
            "last_name": "Nowhere",
            "email": "nora@example.com",
            "state": "",
            "country": "",
            "country_iso2": "",
        }
        order = self.import_shelf(billing=nowhere)
        self.assertEqual(order.sale_order_id.partner_id.country_id.name, name)

    def check_contacts_speak_it(self, _name):
        self.assertEqual(self.order.partner_id.lang, "fr_FR")

    def check_log_has(self, level):
        logs = self.env["bigcommerce.log"]
        logs.search([]).unlink()
        self.run_operation(self.instance, "import_brands")
        self.store.fault("/brands", status=403)
        self.run_operation(self.instance, "import_brands")
        expected = {"All": {"success", "error"}}.get(level, {level.lower()})
        self.assertEqual(set(logs.search([]).mapped("level")), expected)

    def check_batches_are_no_larger(self, limit):
        create, sizes = self.registry["sale.order"].create, []

        def count(orders, vals_list):
            sizes.append(len(vals_list))
            return create(orders, vals_list)

        self.patch(self.registry["sale.order"], "create", count)
        for number in range(3):
            self.place_order(lines=[{"name": f"Shelf {number}", "price": 1}], taxes=[])
        self.import_orders()
        self.assertEqual(sizes, [int(limit), 1])

    # Product Configurations

    def test_04_product_configurations_do_what_the_page_says(self):
        self.wholesale = self.env["product.pricelist"].create(
            {"name": "Wholesale", "currency_id": self.instance.currency_id.id}
        )
        self.instance.create_odoo_products = False
        self.check(PRODUCTS, 0)
        tip = see(f".alert-info{contains('It is not recommended')}")
        self.fill(PRODUCTS, after=[tip])
        self.drain()
        self.check(PRODUCTS)

    def check_it_has_prices(self, _name):
        rule = self.wholesale.item_ids.filtered(lambda one: one.product_id == self.mug)
        self.assertEqual(rule.fixed_price, self.get_price_there())
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.pricelist_id, self.wholesale)
        euros = self.import_order(lines=[MUG], currency="EUR")
        self.assertEqual(euros.sale_order_id.pricelist_id.currency_id.name, "EUR")

    def check_price_is_sent(self, is_sale_price):
        rule = self.instance.pricelist_id.item_ids.filtered(
            lambda one: one.product_id == self.mug
        )
        rule.fixed_price = 13
        self.mug.list_price = 14
        self.run_operation(self.instance, "export_prices")
        self.assertEqual(self.get_price_there(), 14 if is_sale_price else 13)

    def get_mug_there(self):
        bc_id = self.mug_item.listing_id.bc_id
        return self.store.control("GET", f"v3/catalog/products/{bc_id}")

    def get_price_there(self):
        return self.get_mug_there()["price"]

    def check_products_are_made(self, is_wanted):
        own = self.env["product.product"].create(
            {"name": "Bell", "default_code": f"BELL-{is_wanted}"}
        )
        for sku in (f"BELL-{is_wanted}", f"GONG-{is_wanted}"):
            self.add_product_there(sku)
        self.run_operation(self.instance, "import_listings")
        self.assertEqual(self.get_item(f"BELL-{is_wanted}").product_id, own)
        gong = self.get_item(f"GONG-{is_wanted}")
        self.assertTrue(gong)
        self.assertEqual(gong.product_id.default_code, is_wanted and gong.sku)

    def add_product_there(self, sku):
        ask(
            self.store.address,
            "/v3/catalog/products",
            method="POST",
            json={
                "name": f"The {sku}",
                "sku": sku,
                "type": "physical",
                "weight": 1,
                "price": 5,
            },
        ).raise_for_status()

    def check_products_are_sorted(self, is_wanted):
        self.run_operation(self.instance, "import_listings", full=True)
        category = self.mug.categ_id
        self.assertEqual(category.name, is_wanted and "Kitchen")
        self.assertEqual(category.parent_id.name, is_wanted and self.instance.name)

    def check_listings_have_pictures(self, is_wanted):
        images = self.mug_item.listing_id.image_ids
        self.assertEqual(bool(images.filtered("image_1920")), is_wanted)

    # Stock Configurations

    def test_05_stock_configurations_do_what_the_page_says(self):
        order = self.import_sale_order(lines=[MUG | {"quantity": 10}])
        self.assertEqual(order.picking_ids.move_ids.quantity, 10, "reserved")
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.mug.id,
                            "product_uom_qty": 5,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.stock_location.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        self.check(STOCK, 0)
        self.location.is_stock_enabled = False
        toggle = self.enter_in_row(
            "location_ids", "Main warehouse", is_stock_enabled=True
        )
        self.store.patch("v2/store", weight_units="KGS")
        self.fill(
            STOCK,
            before=[open_tab("Configuration"), *toggle, open_tab("Stock")],
            after=[
                see(f".alert-warning{contains('give back to the store')}"),
                click(f"button[name=action_confirm]{contains('Refresh Store Data')}"),
                see(f".o_field_widget[name=weight_unit]{contains('KGS')}"),
            ],
        )
        self.drain()
        self.check(STOCK)
        self.fill(STOCK, 2)
        self.check(STOCK, 2)
        self.check_what_is_not_counted()

    def check_weights_are_converted(self, _value):
        self.mug.weight = 2
        for unit, weight in (("KGS", 2), ("Grams", 2000), ("LBS", 4.4092)):
            self.store.patch("v2/store", weight_units=unit)
            self.instance.action_confirm()
            self.run_operation(
                self.instance, "export_products", templates=self.mug.product_tmpl_id.ids
            )
            self.assertAlmostEqual(self.get_mug_there()["weight"], weight, 3)

    def check_level_is_sent(self, basis):
        # 10 are reserved by the order, 5 are to come in.
        on_hand = self.get_on_hand(self.mug)
        expected = {
            "Quantity On Hand": on_hand,
            "Forecasted Quantity": on_hand - 10 + 5,
            "Free To Use Quantity": on_hand - 10,
        }
        self.export()
        self.assertEqual(self.get_level(self.mug_item), expected[basis])

    def check_is_applied(self, _value):
        self.check_count(True)

    def check_count_waits(self, _value):
        self.check_count(False)

    def check_count(self, is_applied):
        before = int(self.get_on_hand(self.bowl))
        self.set_level(self.bowl_item, before - 30)
        self.import_stock()
        self.assertEqual(
            self.get_on_hand(self.bowl), before - 30 if is_applied else before
        )
        quant = self.bowl.stock_quant_ids.filtered(
            lambda quant: quant.location_id == self.stock_location
        )
        self.assertEqual(quant.inventory_quantity_set, not is_applied)

    def check_what_is_not_counted(self):
        """The two conditions of the page's note."""
        before = self.get_on_hand(self.mug)
        self.mug_item.listing_id.inventory_tracking = "none"
        lamp = self.get_item("SKILLET-10")
        lamp.listing_id.is_excluded = False
        lamp.product_id.tracking = "lot"
        for item in (self.mug_item, lamp):
            self.set_level(item, 33)
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), before)
        self.assertFalse(self.get_on_hand(lamp.product_id))
        for item, words in ((self.mug_item, "does not track"), (lamp, "lots or")):
            (line,) = self.get_lines("import_inventory", key=item.bc_id)[:1]
            self.assertIn(words, line.message)

    # Orders Configurations

    def test_06_orders_configurations_do_what_the_page_says(self):
        self.make_what_orders_need()
        statuses = self.instance.order_status_ids.filtered(
            lambda own: own.bc_id in ("7", "11")
        )
        self.instance.write(
            {"mark_order_as_paid": False, "order_status_ids": statuses.ids}
        )
        self.check(ORDERS, 0)
        for visit in (1, 2):
            self.fill(ORDERS, visit)
            self.drain()
            self.order = self.import_order(**EVERYTHING)
            self.check(ORDERS, visit)

    def make_what_orders_need(self):
        self.env["crm.team"].create({"name": "Web Shops"})
        new_test_user(
            self.env,
            "sally",
            "sales_team.group_sale_salesman",
            name="Sally Seller",
        )
        account = self.env["account.account"].create(
            {
                "name": "Tax Due",
                "code": "225001",
                "account_type": "liability_current",
            }
        )
        account.copy({"name": "Tax Back", "code": "225002"})
        self.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": kind,
                    "taxes_id": False,
                    "invoice_policy": "order",
                }
                for name, kind in (
                    ("My Service", "service"),
                    ("My Goods", "consu"),
                    ("My Voucher", "service"),
                    ("My Delivery", "service"),
                )
            ]
        )

    def check_orders_are_selected(self, _status):
        states = {9: "imported", 11: "imported", 1: "not_selected"}
        placed = {
            self.place_order(lines=[MUG], status=status): state
            for status, state in states.items()
        }
        self.import_orders()
        for bc_id, state in placed.items():
            self.assertEqual(self.get_order(bc_id).state, state)

    def check_store_is_told(self, is_told):
        self.store.forget_requests()
        order = self.import_authorized()
        self.pay_order(order)
        if is_told:
            self.let_capture_settle()
            self.assertCaptured(order)
        else:
            self.assertNotTold(order)

    def check_name_is_number(self, is_number):
        name = self.order.sale_order_id.name.removeprefix("BC-")
        self.assertEqual(name == self.order.bc_id, is_number)

    def check_names_begin_with_it(self, prefix):
        self.assertEqual(self.order.sale_order_id.name, f"{prefix}{self.order.bc_id}")

    def check_orders_are_sold_by_it(self, name):
        self.assertEqual(self.order.sale_order_id.team_id.name, name)

    def check_orders_are_looked_after(self, name):
        self.assertEqual(self.order.sale_order_id.user_id.name, name)

    def import_taxed(self, name, rate):
        """Return the taxes on an order that bears this one in the store."""
        order = self.import_order(lines=[MUG], taxes=[{"name": name, "rate": rate}])
        return self.get_taxes(order)

    def get_taxes(self, order):
        self.assertEqual(order.state, "imported", order.reason_message)
        return order.sale_order_id.order_line.tax_ids

    def check_odoos_taxes(self, _system):
        self.assertEqual(self.import_taxed("VAT", "15"), self.mug.taxes_id)

    def check_stores_taxes(self, _system):
        vat = self.get_taxes(self.order)
        self.assertEqual(vat.name, "VAT 20%")
        position = self.env["account.fiscal.position"].create(
            {
                "name": "United States",
                "auto_apply": True,
                "country_id": self.env.ref("base.us").id,
            }
        )
        self.federal = self.env["account.tax"].create(
            {
                "name": "Federal",
                "amount": 19.5,
                "price_include_override": "tax_excluded",
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(vat.id)],
            }
        )
        self.assertEqual(self.import_taxed("VAT", "20"), vat, "made once, not mapped")

    def check_mapped_taxes(self, _system):
        self.assertEqual(self.get_taxes(self.order), self.federal)

    def get_tax_account(self, side):
        lines = self.get_taxes(self.order)[f"{side}_repartition_line_ids"]
        return lines.filtered(lambda one: one.repartition_type == "tax").account_id

    def check_taxes_have_it(self, name):
        self.assertEqual(self.get_tax_account("invoice").name, name)

    def check_notes_have_it(self, name):
        self.assertEqual(self.get_tax_account("refund").name, name)

    def check_rates_are_rounded(self, decimals):
        # A name of its own: a tax that is there by name and rate would be taken.
        tax = self.import_taxed(f"City tax {decimals}", "8.256")
        self.assertEqual(tax.amount, 8.26 if decimals == "2" else 8.256)

    def get_sold(self, part, order=None, text=""):
        """Return name of the product and amount of a part of an order."""
        line = (order or self.order).sale_order_id.order_line.filtered(
            lambda line: line.bigcommerce_part == part and text in line.name
        )
        return line.product_id.name, line.price_subtotal

    def check_digital_lines_are(self, name):
        self.assertEqual(self.get_sold("product", text="Advice"), (name, 20))

    def check_goods_are(self, name):
        self.assertEqual(self.get_sold("product", text="Shelf"), (name, 40))

    def check_vouchers_are(self, name):
        self.assertEqual(self.get_sold("gift_certificate"), (name, -5))

    def check_deliveries_are_charged_as(self, name):
        self.assertEqual(self.get_sold("shipping"), (name, 8))
        # A delivery method that is made has it; one may get a product of its own.
        boat = {"lines": [MUG], "shipping": [8], "shipping_method": "By Boat"}
        self.assertEqual(self.get_sold("shipping", self.import_order(**boat))[0], name)
        carrier = self.env["delivery.carrier"].search([("name", "=", "By Boat")])
        carrier.product_id = carrier.product_id.copy({"name": "Boat Trip"})
        order = self.import_order(**boat)
        self.assertEqual(self.get_sold("shipping", order), ("Boat Trip", 8))

    def check_invoices_are_made(self, is_single):
        self.set_policy("delivery", "MUG-ENAMEL", "BOWL-STONE")
        order = self.import_order(lines=[MUG, BOWL])
        sale_order = order.sale_order_id
        counts = []
        for skus in ({"MUG_ENAMEL": 1}, {"BOWL_STONE": 1}):
            self.deliver(sale_order, **skus)
            self.drain()
            counts.append(len(sale_order.invoice_ids))
        self.assertEqual(counts, [0, 1] if is_single else [1, 2])
        self.set_policy("order", "MUG-ENAMEL", "BOWL-STONE")

    # Customer Configurations

    def test_07_customer_configurations_do_what_the_page_says(self):
        known = self.env["account.account"].search(
            [("account_type", "=", "asset_receivable")], limit=1
        )
        known.copy({"name": "Web Shop", "code": "121777"})
        self.check(CUSTOMERS, 0)
        self.fill(CUSTOMERS)
        self.check(CUSTOMERS)

    def import_customer(self, **billing):
        """Return the customer of an order of somebody who has ordered nothing yet."""
        number = self.env["res.partner"].search_count([])
        someone = {
            "first_name": "Sam",
            "last_name": f"Shopper {number}",
            "email": f"sam.{number}@example.com",
            **billing,
        }
        order = self.import_order(lines=[MUG], billing=someone)
        return order.sale_order_id.partner_id

    def check_customers_owe_on_it(self, name):
        customer = self.import_customer()
        self.assertEqual(customer.property_account_receivable_id.name, name)

    def check_company_is_a_contact(self, is_wanted):
        company = f"Acme {is_wanted}"
        one = self.import_customer(company=company)
        other = self.import_customer(company=company)
        self.assertNotEqual(one, other)
        self.assertEqual(one.parent_id, other.parent_id)
        self.assertEqual(one.parent_id.name, is_wanted and company)
        self.assertEqual(one.parent_id.is_company, is_wanted)

    # Financial Workflow Configuration

    def test_08_the_financial_workflow_does_what_the_page_says(self):
        self.line.unlink()
        self.workflow.register_payment = True
        self.env["account.payment.term"].create({"name": "In 30 Days"})
        # A gateway is listed once an order has named it.
        self.waiting = self.import_order(lines=[MUG], payment_status="captured")
        self.assertEqual(self.waiting.sale_order_id.state, "draft")
        lines = ".o_field_widget[name=workflow_line_ids]"
        steps = [click(f"{lines} .o_field_x2many_list_row_add a")]
        for entry in self.get_entries(WORKFLOW, 1):
            column = entry.field.rpartition(".")[2]
            steps.append(see(get_caption(entry)))
            steps += self.enter_value(
                "bigcommerce.workflow.line", column, entry.value, f"{lines} "
            )
        self.visit_instance(open_tab("Workflow"), steps, save())
        self.drain()
        self.check(WORKFLOW)

    def check_payment_is_expected(self, name):
        order = self.import_order(lines=[MUG], payment_status="captured")
        self.assertEqual(order.sale_order_id.payment_term_id.name, name)

    def check_order_goes_all_the_way(self, _name):
        self.assertPaid(self.import_order(lines=[MUG], payment_status="captured"))
        self.assertPaid(self.waiting)

    def check_other_gateways_wait(self, _name):
        order = self.import_order(
            lines=[MUG], payment_method="New Gateway", payment_status="captured"
        )
        self.assertEqual(order.sale_order_id.state, "draft")
        self.assertStopped(order, "no_workflow_line")
        gateway = self.env["bigcommerce.payment.gateway"].search(
            [("name", "=", "New Gateway")]
        )
        self.assertEqual(gateway.instance_id, self.instance)

    def check_other_statuses_wait(self, _name):
        order = self.import_order(lines=[MUG], payment_status="authorized")
        self.assertEqual(order.sale_order_id.state, "draft")
        self.assertStopped(order, "no_workflow_line")

    # Automatic Jobs Configurations

    def test_09_automatic_jobs_do_what_the_page_says(self):
        # Both jobs of stock would undo each other where a location has both directions.
        self.location.stock_direction = "export"
        self.second = self.add_location(stock_direction="import")
        self.instance.validate_inventory_adjustment = True
        self.get_job("import_refunds").active = True
        steps = []
        for entry in self.get_entries(JOBS, 1):
            steps.append(see(get_caption(entry)))
            if entry.value:
                number, unit = entry.value.split()
                steps += self.enter_in_row(
                    "automatic_job_ids",
                    entry.caption,
                    interval_number=number,
                    interval_unit=unit,
                    active=True,
                )
        steps += self.enter_in_row("automatic_job_ids", "Import Refunds", active=False)
        self.visit_instance(open_tab("Automatic Jobs"), steps, save())
        self.prepare_what_jobs_do()
        self.started = self.run_due_jobs()
        self.check(JOBS)

    def prepare_what_jobs_do(self):
        self.delivered = self.import_order(lines=[MUG]).sale_order_id
        self.assertEqual(self.delivered.state, "sale")
        self.validate(self.delivered.picking_ids)
        self.placed = self.place_order(lines=[BOWL])
        self.set_level(self.mug_item, 33, location_id=2)
        self.put(self.bowl, -40)
        rule = self.instance.pricelist_id.item_ids.filtered(
            lambda one: one.product_id == self.mug
        )
        rule.fixed_price = 13

    def check_orders_come(self, _interval):
        self.assertEqual(self.get_order(self.placed).state, "imported")

    def check_shipments_and_status_go(self, _interval):
        order = self.delivered.bigcommerce_order_ids
        shipments = self.store.control("GET", f"v2/orders/{order.bc_id}/shipments")
        self.assertEqual(len(shipments), 1)
        self.assertEqual(self.get_there(order)["status"], "Shipped")

    def check_levels_come(self, _interval):
        self.assertEqual(self.get_on_hand(self.mug, self.second.stock_location_id), 33)

    def check_levels_go(self, _interval):
        # Less one bowl, which the store has sold and Odoo has reserved.
        self.assertEqual(self.get_level(self.bowl_item), 59)

    def check_prices_go(self, _interval):
        self.assertEqual(self.get_price_there(), 13)

    def check_next_runs_are_intervals_later(self, _value):
        spans = {
            "import_orders": timedelta(minutes=10),
            "export_shipments": timedelta(hours=2),
            "import_inventory": timedelta(days=3),
            "export_inventory": timedelta(minutes=45),
            "export_prices": timedelta(weeks=1),
        }
        for operation, span in spans.items():
            job = self.get_job(operation)
            self.assertEqual(job.next_call, self.due[job] + span)

    def check_none_starts_with_another(self, _value):
        minutes = [moment.replace(second=0) for moment in self.planned.values()]
        self.assertEqual(len(set(minutes)), 5)

    def check_others_do_not_run(self, _value):
        # The second goes with *Export Order Status / Tracking Information*.
        self.assertEqual(
            sorted(self.started),
            [
                "export_inventory",
                "export_order_status",
                "export_prices",
                "export_shipments",
                "import_inventory",
                "import_orders",
            ],
        )
        self.instance.automatic_job_ids.active = False
        self.assertFalse(self.run_due_jobs())

    def get_job(self, operation):
        return self.env["bigcommerce.automatic.job"]._get_job(self.instance, operation)

    def get_cell(self, job, column, is_empty=False):
        row = f".o_field_widget[name=automatic_job_ids] .o_data_row{contains(job)}"
        filled = ":not(:contains(/\\d/))" if is_empty else ":contains(/\\d/)"
        return f"{row} td[name={column}]{filled}"

    def run_due_jobs(self):
        """Let all active jobs be due, and run; return the operations started."""
        jobs = self.instance.automatic_job_ids.filtered("active")
        self.planned = {job: job.next_call for job in jobs}
        now = fields.Datetime.now()
        self.env.cr.execute(
            "UPDATE bigcommerce_automatic_job SET next_call = %s WHERE id = ANY(%s)",
            [now - timedelta(seconds=1), jobs.ids],
        )
        self.env.invalidate_all()
        self.due = {job: job.next_call for job in jobs}
        queue = self.env["bigcommerce.queue.job"]
        before = queue.search([])
        self.env["bigcommerce.automatic.job"]._cron_start_due_jobs()
        started = (queue.search([]) - before).mapped("operation")
        self.drain()
        return started

    # Notification & Alerts

    def test_10_notification_and_alerts_do_what_the_page_says(self):
        self.rita = new_test_user(
            self.env, "rita", USER, name="Rita", email="rita@example.com"
        )
        self.fill(ALERTS)
        # What ends in the second in which somebody is added is not told.
        self.instance.notified_on -= timedelta(minutes=70)
        for number in (1, 2):
            self.place_order(lines=[missing(number)])
        self.place_order(lines=[MUG])
        self.job = self.import_orders()
        mails = self.env["mail.mail"].search([])
        with self.open_engine() as engine:
            engine.env["bigcommerce.job.alert"]._cron_update()
        for line in self.job.line_ids:
            line.ended_on -= timedelta(minutes=5)
        with self.open_engine() as engine:
            engine.env["bigcommerce.instance"]._cron_send_summaries()
        sent = self.env["mail.mail"].search([]) - mails
        self.mail = sent.filtered(lambda mail: "with problems" in (mail.subject or ""))
        self.check(ALERTS)

    def check_there_is_one_activity(self, _value):
        self.assertEqual(len(self.job.activity_ids), 1)
        self.assertIn("2 lines", self.job.activity_ids.summary)

    def check_activity_is_of_type(self, name):
        self.assertEqual(self.job.activity_ids.activity_type_id.name, name)

    def check_activity_is_due(self, days):
        activity = self.job.activity_ids
        due = activity.date_deadline - fields.Date.today()
        self.assertEqual(due.days, int(days))

    def check_activity_is_of(self, name):
        self.assertEqual(self.job.activity_ids.user_id.name, name)

    def check_mail_sums_up(self, _value):
        (mail,) = self.mail
        text = " ".join(re.sub(r"<[^>]+>", " ", mail.body_html).split())
        self.assertIn("Import Orders 1 2", text)

    def check_mail_goes_to(self, _name):
        self.assertEqual(self.mail.recipient_ids, self.rita.partner_id)

    # Confirming the Instance

    def test_11_confirming_the_instance_does_what_the_page_says(self):
        self.instance.unlink()
        self.instance = self.create_instance(
            name="Harbour & Hill", access_token="mistyped", log_level="all"
        )
        test, confirm = self.get_entries(CONFIRMING, 1)[:2]
        self.visit_instance(
            open_tab("Credentials"),
            click(get_caption(test)),
            see(f".modal{contains('access token')}"),
            click(".modal .modal-footer .btn-primary"),
            miss(".modal"),
            self.enter_value("bigcommerce.instance", "access_token", "sandbox-token"),
            click(get_caption(test)),
            see(f".o_notification{contains(test.value)}"),
            see(f".o_arrow_button_current{contains('Draft')}"),
            click(get_caption(confirm)),
            see(f".o_notification{contains(confirm.value)}"),
            see(f".o_arrow_button_current{contains('Confirmed')}"),
            open_tab("Stock"),
            see(f".o_field_widget[name=weight_unit]{contains('LBS')}"),
            open_tab("Orders"),
            see(f".o_field_widget[name=order_status_ids] .o_tag{contains('Ready')}"),
        )
        self.check(CONFIRMING)

    def get_references(self, name):
        return self.env[f"bigcommerce.{name}"].search(
            [("instance_id", "=", self.instance.id)]
        )

    def check_it_works(self, _value):
        logs = self.get_references("log").sorted("id")
        self.assertEqual(logs.mapped("level")[:2], ["error", "success"])
        self.assertIn("Harbour & Hill works", logs[1].message)

    def check_currency_and_pricelist(self, _value):
        self.assertEqual(self.instance.currency_id.name, "USD")
        self.assertEqual(self.instance.pricelist_id.currency_id.name, "USD")

    def check_weight_unit(self, _value):
        self.assertEqual(self.instance.weight_unit, "LBS")

    def check_order_statuses(self, _value):
        self.assertEqual(len(self.get_references("order.status")), 15)
        chosen = self.instance.order_status_ids
        self.assertEqual(chosen.system_name, "Awaiting Fulfillment")

    def check_channels_locations_and_tax_classes(self, _value):
        for name, count in (("channel", 3), ("location", 3), ("tax.class", 4)):
            self.assertEqual(len(self.get_references(name)), count)

    def check_categories_and_brands(self, _value):
        self.assertFalse(self.get_references("category"))
        self.drain()
        self.assertEqual(len(self.get_references("category")), 6)
        self.assertEqual(len(self.get_references("brand")), 3)

    def check_it_is_confirmed(self, _value):
        self.assertEqual(self.instance.state, "confirmed")
