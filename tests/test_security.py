"""Who may see and do what."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import TransactionCase

from .common import FEW, OrderCase, SandboxCase, load_few_orders
from .test_access_matrix import ARGUMENTS, get_buttons

MUG = {"sku": "MUG-ENAMEL"}
USER = "bigcommerce_connector.bigcommerce_group_user"
MANAGER = "bigcommerce_connector.bigcommerce_group_manager"
SALESMAN = "sales_team.group_sale_salesman"
# What is the same for everybody, like a list of countries.
COMMON = ("bigcommerce.cause",)
# What is made in Odoo, and has an id there once the store has confirmed it.
MADE_HERE = ("bigcommerce.shipment",)
# What salesmen see of the stores, who have no part in the connector.
SHARED = ("bigcommerce.order", "bigcommerce.shipment")
# What may be called from outside without being a button.
OVERRIDES = {
    "create",
    "write",
    "unlink",
    "copy",
    "copy_data",
    "default_get",
    "get_empty_list_help",
    "message_post_with_source",
}


def get_models(env):
    """Return our models of which there are records."""
    return [
        model
        for name, model in env.items()
        if name.startswith("bigcommerce.")
        and not model._abstract
        and not model._transient
    ]


@tagged("post_install", "-at_install")
class TestModels(TransactionCase):
    def test_there_are_models_to_look_at(self):
        self.assertGreaterEqual(len(get_models(self.env)), 15)

    def test_every_model_says_what_it_is(self):
        for name in self.env:
            if name.startswith("bigcommerce."):
                with self.subTest(model=name):
                    self.assertNotIn(self.env[name]._description, ("", name, None))

    def test_every_model_may_be_read_by_users_and_by_nobody_else_unasked(self):
        access = self.env["ir.model.access"]
        user_group = self.env.ref(USER)
        for model in get_models(self.env):
            with self.subTest(model=model._name):
                rows = access.search([("model_id.model", "=", model._name)])
                self.assertTrue(all(row.group_id for row in rows))
                of_users = rows.filtered(lambda row: row.group_id == user_group)
                self.assertTrue(of_users.perm_read)
                self.assertFalse(
                    of_users.perm_write or of_users.perm_create or of_users.perm_unlink
                )

    def test_every_model_has_a_global_company_rule_on_a_stored_company(self):
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        rules = rules.grouped(lambda rule: rule.model_id.model)
        for model in get_models(self.env):
            if model._name in COMMON:
                self.assertNotIn(model._name, rules)
                continue
            with self.subTest(model=model._name):
                own = rules[model._name]
                self.assertEqual(len(own), 1)
                self.assertIn("company_id", own.domain_force)
                self.assertIn("company_ids", own.domain_force)
                self.assertTrue(own.perm_read and own.perm_write and own.perm_unlink)
                self.assertTrue(model._fields["company_id"].store)

    def test_ids_of_the_store_are_text_and_required(self):
        for model in get_models(self.env):
            field = model._fields.get("bc_id")
            if field:
                with self.subTest(model=model._name):
                    self.assertEqual(field.type, "char")
                    self.assertEqual(field.required, model._name not in MADE_HERE)
                    self.assertTrue(model._fields["instance_id"].required)

    def test_only_buttons_can_be_called_from_outside(self):
        for name in self.env:
            if not name.startswith("bigcommerce."):
                continue
            for cls in type(self.env[name]).mro():
                if not cls.__module__.startswith("odoo.addons.bigcommerce_connector"):
                    continue
                public = {
                    attribute
                    for attribute, value in vars(cls).items()
                    if callable(value) and not attribute.startswith("_")
                } - OVERRIDES
                for attribute in public:
                    with self.subTest(model=name, method=attribute):
                        self.assertTrue(attribute.startswith("action_"))

    def test_credentials_are_for_managers_never_copied_never_tracked(self):
        for model in get_models(self.env):
            for name, field in model._fields.items():
                if not any(word in name for word in ("token", "secret", "password")):
                    continue
                if name.startswith(("access_url", "access_warning")):
                    continue
                with self.subTest(model=model._name, field=name):
                    self.assertEqual(field.groups, MANAGER)
                    self.assertFalse(field.copy)
                    self.assertFalse(getattr(field, "tracking", False))

    def test_payloads_are_for_users_of_the_connector(self):
        line = self.env["bigcommerce.queue.line"]
        for name in ("payload", "details"):
            self.assertEqual(line._fields[name].groups, USER)

    def test_a_manager_is_a_user_and_the_administrator_a_manager(self):
        self.assertIn(self.env.ref(USER), self.env.ref(MANAGER).all_implied_ids)
        self.assertTrue(self.env.ref("base.user_admin").has_group(MANAGER))

    def test_a_new_employee_has_no_part_in_it(self):
        employee = new_test_user(self.env, "new_employee", "base.group_user")
        self.assertFalse(employee.has_group(USER))
        for model in get_models(self.env):
            with self.subTest(model=model._name), self.assertRaises(AccessError):
                model.with_user(employee).search([])


@tagged("post_install", "-at_install")
class TestWizards(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.create_instance()

    def test_what_somebody_has_asked_for_is_nobody_elses(self):
        own, other = (
            new_test_user(self.env, name, f"{USER},{MANAGER}")
            for name in ("wizards_own", "wizards_other")
        )
        for name, vals in {
            "bigcommerce.order.explanation": {
                "instance_id": self.instance.id,
                "number": "118",
                "customer_name": "Zoe",
            },
            "bigcommerce.operations": {
                "instance_ids": self.instance.ids,
                "operation": "import_orders",
            },
            "bigcommerce.support.bundle": {
                "instance_id": self.instance.id,
                "name": "bundle.zip",
                "content": "AAAA",
            },
        }.items():
            with self.subTest(model=name):
                wizard = self.env[name].with_user(own).create(vals)
                self.assertIn(wizard, wizard.search([]))
                self.assertFalse(wizard.with_user(other).search([]))
                with self.assertRaises(AccessError):
                    wizard.with_user(other).read(["create_date"])


@tagged("post_install", "-at_install")
class TestToken(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()
        cls.user = new_test_user(
            cls.env, "connector_user", f"{USER},base.group_allow_export"
        )
        cls.manager = new_test_user(cls.env, "connector_manager", MANAGER)

    def test_a_manager_reads_and_writes_it(self):
        instance = self.instance.with_user(self.manager)
        self.assertEqual(instance.access_token, "sandbox-token")
        instance.access_token = "another"
        self.assertEqual(self.instance.access_token, "another")

    def test_a_user_never_sees_it(self):
        instance = self.instance.with_user(self.user)
        with self.assertRaises(AccessError):
            instance.read(["access_token"])
        with self.assertRaises(AccessError):
            _ = instance.access_token
        with self.assertRaises(AccessError):
            instance.search([("access_token", "like", "sandbox%")])
        with self.assertRaises(AccessError):
            instance.export_data(["access_token"])
        with self.assertRaises(AccessError):
            instance.search([], order="access_token")
        (values,) = instance.read()
        self.assertNotIn("access_token", values)
        self.assertNotIn("access_token", instance.fields_get())
        self.assertNotIn("sandbox-token", str(values))

    def test_a_user_changes_nothing_of_an_instance(self):
        instance = self.instance.with_user(self.user)
        for change in (
            lambda: instance.write({"name": "Mine"}),
            lambda: instance.write({"api_url": "http://127.0.0.1:9"}),
            lambda: instance.copy({"store_hash": "x", "access_token": "y"}),
            lambda: instance.unlink(),
            instance.action_confirm,
            instance.action_reset_to_draft,
            instance.action_allow_this_database,
        ):
            with self.assertRaises(AccessError):
                change()
        self.assertEqual(self.instance.state, "confirmed")

    def test_a_user_may_start_what_is_configured(self):
        instance = self.instance.with_user(self.user)
        instance.action_import_listings()
        instance.action_import_orders()
        self.drain()
        order = self.env["bigcommerce.order"].search([], limit=1)
        order.with_user(self.user).action_import_now()
        lines = self.get_lines("import_orders", state="blocked")
        lines.with_user(self.user).action_retry()
        self.drain()
        lines.with_user(self.user).action_cancel()

    def test_a_manager_without_other_rights_may_set_up_a_store(self):
        self.instance.unlink()
        instance = self.create_instance().with_user(self.manager)
        instance.action_test_connection()
        instance.action_confirm()
        self.assertEqual(instance.state, "confirmed")
        instance.action_import_listings()
        self.drain()
        instance.action_reset_to_draft()

    def test_a_user_reads_everything_else(self):
        self.run_operation(self.instance, "import_orders")
        for model in get_models(self.env):
            with self.subTest(model=model._name):
                records = model.with_user(self.user).search([], limit=5)
                records.read()


@tagged("post_install", "-at_install")
class TestColleagues(OrderCase):
    """People who work with sale orders and have no part in the connector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, "plain_salesman", "sales_team.group_sale_salesman_all_leads"
        )
        cls.bookkeeper = new_test_user(
            cls.env, "bookkeeper", "account.group_account_invoice"
        )
        cls.storekeeper = new_test_user(
            cls.env, "storekeeper", "stock.group_stock_user"
        )

    def setUp(self):
        super().setUp()
        order = self.import_order(lines=[{**MUG, "quantity": 2}], shipping=["8.50"])
        self.sale = order.sale_order_id

    def read_form(self, records, user):
        """Read all that the form shows."""
        records = records.with_user(user)
        view = records.get_view(view_type="form")
        names = [
            name
            for name in view["models"][records._name]
            if name in records.fields_get()
        ]
        records.invalidate_recordset()
        records.read(names)

    def test_a_salesman_reads_edits_and_confirms_an_imported_order(self):
        self.read_form(self.sale, self.salesman)
        sale = self.sale.with_user(self.salesman)
        self.assertEqual(sale.bigcommerce_state, "imported")
        self.assertEqual(sale.bigcommerce_store, "Sandbox")
        sale.order_line[0].product_uom_qty = 3
        sale.write({"client_order_ref": "changed", "note": "Changed"})
        sale.message_post(body="Called the customer.")
        sale.action_confirm()
        self.assertEqual(sale.state, "sale")
        sale._create_invoices()
        sale.copy()

    def test_a_salesman_searches_by_the_order_of_the_store(self):
        sale = self.env["sale.order"].with_user(self.salesman)
        found = sale.search([("bigcommerce_order_id", "!=", False)])
        self.assertIn(self.sale, found)

    def test_a_salesman_looks_at_the_order_of_the_store(self):
        action = self.sale.with_user(self.salesman).action_view_bigcommerce_order()
        order = self.env[action["res_model"]].with_user(self.salesman)
        order = order.browse(action["res_id"])
        self.assertEqual(order.state, "imported")
        self.assertTrue(order.admin_url)
        self.read_form(order, self.salesman)

    def test_a_salesman_sees_nothing_else_of_the_connector(self):
        for model in get_models(self.env):
            if model._name not in SHARED:
                with self.subTest(model=model._name), self.assertRaises(AccessError):
                    model.with_user(self.salesman).search([])

    def test_a_salesman_starts_nothing(self):
        order = self.sale.bigcommerce_order_id.with_user(self.salesman)
        with self.assertRaises(AccessError):
            order.action_import_now()

    def test_a_salesman_of_own_orders_only_confirms_his(self):
        own = new_test_user(self.env, "own_orders", SALESMAN)
        self.sale.user_id = own
        self.read_form(self.sale, own)
        self.sale.with_user(own).action_confirm()
        self.assertEqual(self.sale.state, "sale")

    def test_a_bookkeeper_invoices_an_imported_order(self):
        self.sale.action_confirm()
        self.read_form(self.sale, self.bookkeeper)
        self.sale.with_user(self.bookkeeper)._create_invoices()

    def test_a_storekeeper_delivers_an_imported_order(self):
        self.sale.action_confirm()
        picking = self.sale.picking_ids.with_user(self.storekeeper)
        picking.move_ids.quantity = 2
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")

    def test_everything_is_as_before_for_an_order_of_ones_own(self):
        own = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .create(
                {
                    "partner_id": self.env["res.partner"].create({"name": "Own"}).id,
                    "order_line": [
                        (0, 0, {"product_id": self.sale.order_line[0].product_id.id})
                    ],
                }
            )
        )
        self.assertFalse(own.bigcommerce_order_id)
        self.assertFalse(own.bigcommerce_state)
        self.read_form(own, self.salesman)
        own.action_confirm()
        self.assertEqual(own.state, "sale")


@tagged("post_install", "-at_install")
class TestCompanies(SandboxCase):
    """Two companies, each with the same store, see nothing of each other."""

    load = staticmethod(load_few_orders)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.env.company
        cls.second = cls.env["res.company"].create(
            {
                "name": "Second",
                "country_id": cls.env.ref("base.us").id,
                "currency_id": cls.env.ref("base.USD").id,
            }
        )
        cls.users = {
            company: new_test_user(
                cls.env,
                f"user_of_{company.id}",
                f"{MANAGER},sales_team.group_sale_manager",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
            for company in (cls.first, cls.second)
        }
        cls.instances = {}
        for company in (cls.first, cls.second):
            warehouse = cls.env["stock.warehouse"].search(
                [("company_id", "=", company.id)], limit=1
            )
            cls.instances[company] = cls.confirm_instance(
                name=company.name, company_id=company.id, warehouse_id=warehouse.id
            )
        for instance in cls.instances.values():
            cls.run_operation(instance, "import_listings")
            cls.run_operation(instance, "import_orders")

    def test_each_has_its_own_records(self):
        for model in get_models(self.env):
            if model._name in COMMON:
                continue
            for company, user in self.users.items():
                with self.subTest(model=model._name, company=company.name):
                    records = model.with_user(user).search([])
                    self.assertLessEqual(records.sudo().company_id, company)

    def test_each_has_all_orders(self):
        for company, user in self.users.items():
            orders = self.env["bigcommerce.order"].with_user(user).search([])
            self.assertEqual(len(orders), FEW, company.name)

    def test_the_sale_orders_are_those_of_the_company(self):
        for company, instance in self.instances.items():
            orders = self.env["bigcommerce.order"].search(
                [("instance_id", "=", instance.id)]
            )
            sales = orders.sale_order_id
            self.assertTrue(sales)
            self.assertEqual(sales.company_id, company)
            self.assertEqual(sales.warehouse_id, instance.warehouse_id)
            self.assertEqual(sales.pricelist_id.company_id, company)
            self.assertIn(
                sales.order_line.tax_ids.company_id, (company, company.browse())
            )

    def test_products_for_parts_are_each_companys_own(self):
        first, second = self.instances.values()
        self.assertTrue(first.delivery_product_id)
        self.assertNotEqual(first.delivery_product_id, second.delivery_product_id)
        self.assertEqual(second.delivery_product_id.company_id, self.second)

    def test_nobody_reads_what_belongs_to_the_other(self):
        user = self.users[self.second]
        order = self.env["bigcommerce.order"].search(
            [("instance_id", "=", self.instances[self.first].id)], limit=1
        )
        for record in (order, self.instances[self.first]):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["name"])

    def test_nobody_touches_what_belongs_to_the_other(self):
        """By id, whatever model it is of, and whatever button is pressed."""
        user = self.users[self.second]
        buttons = get_buttons(self.env)
        for model in get_models(self.env):
            if model._name in COMMON:
                continue
            record = model.with_context(active_test=False).search(
                [("company_id", "=", self.first.id)], limit=1
            )
            if not record:
                continue
            actions = {
                "read": lambda own: own.read(["company_id"]),
                "write": lambda own: own.write({"company_id": self.second.id}),
                "unlink": lambda own: own.unlink(),
                **{
                    name: lambda own, name=name: getattr(own, name)(
                        *ARGUMENTS.get(name, ())
                    )
                    for name in buttons.get(model._name, ())
                },
            }
            for name, action in actions.items():
                self.env.flush_all()
                self.env.invalidate_all()
                with (
                    self.subTest(model=model._name, action=name),
                    self.assertRaises(AccessError),
                ):
                    action(record.with_user(user))

    def test_what_is_shared_shows_nothing_of_the_other(self):
        user = self.users[self.second]
        for model, field in (
            ("product.product", "bigcommerce_item_ids"),
            ("res.partner", "bigcommerce_customer_ids"),
        ):
            records = self.env[model].with_user(user).search([(field, "!=", False)])
            found = records[field].sudo().company_id
            with self.subTest(model=model):
                self.assertLessEqual(found, self.second)
        report = self.env["sale.report"].with_user(user).search([])
        self.assertEqual(report.sudo().company_id, self.second)

    def test_a_pump_serves_both(self):
        for instance in self.instances.values():
            instance._start("import_orders")
        self.drain()
        self.assertFalse(
            self.env["bigcommerce.queue.job"].search([("state", "!=", "done")])
        )
