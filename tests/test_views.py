"""The screens open for those they are made for, and hide nothing they need."""

from lxml import etree

from odoo.tests import Form, new_test_user, tagged

from .common import OrderCase

MODULE = "bigcommerce_connector"


@tagged("post_install", "-at_install")
class TestViews(OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager", f"{MODULE}.bigcommerce_group_manager")
        cls.user = cls._new_user("user", f"{MODULE}.bigcommerce_group_user")
        cls.salesman = cls._new_user(
            "salesman", "sales_team.group_sale_salesman_all_leads"
        )

    @classmethod
    def _new_user(cls, login, group):
        return new_test_user(cls.env, f"views_{login}", f"base.group_user,{group}")

    def _check_fields(self, node, model, models):
        """Fail if the view shows a field that the client was not told about."""
        for child in node:
            if child.tag not in ("field", "groupby"):
                self._check_fields(child, model, models)
                continue
            fields, name = models[model]["fields"], child.get("name")
            self.assertTrue(name in fields, f"{name} of {model} is not readable")
            if len(child):
                self._check_fields(child, fields[name]["relation"], models)

    def test_no_view_shows_a_field_its_reader_may_not_read(self):
        actions = self.env["ir.actions.act_window"].search(
            [("res_model", "=like", "bigcommerce.%")]
        )
        self.assertGreater(len(actions), 10)
        for user in (self.manager, self.user):
            for action in actions:
                if not self.env[action.res_model].with_user(user).has_access("read"):
                    continue
                views = [(False, kind) for kind in action.view_mode.split(",")]
                answer = (
                    self.env[action.res_model]
                    .with_user(user)
                    .get_views([*views, (False, "search")])
                )
                for view in answer["views"].values():
                    with self.subTest(user=user.login, action=action.name):
                        self._check_fields(
                            etree.fromstring(view["arch"]),
                            action.res_model,
                            answer["models"],
                        )

    def test_forms_open_for_users_without_being_a_manager(self):
        order = self.import_order(lines=[{"sku": "MUG-ENAMEL", "quantity": 2}])
        line = self.get_lines("import_orders")
        listing = self.env["bigcommerce.listing"].search([], limit=1)
        self.instance.log_level = "all"
        self.instance.action_test_connection()
        log = self.env["bigcommerce.log"].search([], limit=1)
        for record in (
            self.instance,
            order,
            line,
            line.job_id,
            listing,
            listing.item_ids[:1],
            log,
        ):
            with self.subTest(model=record._name):
                Form(record.with_user(self.user))

    def test_release_is_offered_to_those_who_may(self):
        order = self.env["bigcommerce.order"]
        for user, is_offered in (
            (self.manager, True),
            (self.user, True),
            (self.salesman, False),
        ):
            with self.subTest(user=user.login):
                view = order.with_user(user).get_view(view_type="form")
                self.assertEqual('name="action_release"' in view["arch"], is_offered)

    def test_a_salesman_without_the_connector_sees_where_an_order_came_from(self):
        order = self.import_order(lines=[{"sku": "MUG-ENAMEL", "quantity": 2}])
        form = Form(order.sale_order_id.with_user(self.salesman))
        self.assertEqual(form.bigcommerce_store, self.instance.name)
        self.assertEqual(form.bigcommerce_order_id.display_name, order.name)
        own = order.with_user(self.salesman)
        self.assertTrue(own.admin_url)
        self.assertEqual(Form(own).amount_total, order.amount_total)
