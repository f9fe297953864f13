"""Who may do what: every model, every field that is secret, every button, by role."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import TransactionCase

from .delivery_case import MUG, DeliveryCase

OURS = "odoo.addons.bigcommerce_connector"
USER, MANAGER = "user", "manager"
SALES, STOCK, INVOICES = "salesman", "storekeeper", "bookkeeper"
NOBODY, PORTAL, PUBLIC = "nobody", "portal", "public"
GROUPS = {
    PUBLIC: "base.group_public",
    PORTAL: "base.group_portal",
    NOBODY: "base.group_user",
    SALES: "sales_team.group_sale_salesman_all_leads",
    STOCK: "stock.group_stock_user",
    INVOICES: "account.group_account_invoice",
    USER: "bigcommerce_connector.bigcommerce_group_user",
    MANAGER: "bigcommerce_connector.bigcommerce_group_manager",
}
RIGHTS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
# What each role may do with the records of each model; nothing if it is not named.
MODELS = {
    "bigcommerce.automatic.job": {USER: "r", MANAGER: "rw"},
    "bigcommerce.brand": {USER: "r", MANAGER: "r"},
    "bigcommerce.cancel.order": {SALES: "rwcd"},
    "bigcommerce.category": {USER: "r", MANAGER: "rw"},
    "bigcommerce.cause": {USER: "r", MANAGER: "r"},
    "bigcommerce.channel": {USER: "r", MANAGER: "r"},
    "bigcommerce.currency": {USER: "r", MANAGER: "rw"},
    "bigcommerce.customer": {USER: "r", MANAGER: "rw"},
    "bigcommerce.field.owner": {USER: "r", MANAGER: "rw"},
    "bigcommerce.instance": {USER: "r", MANAGER: "rwcd"},
    "bigcommerce.job.alert": {USER: "r", MANAGER: "r"},
    "bigcommerce.listing": {USER: "r", MANAGER: "rw"},
    "bigcommerce.listing.image": {USER: "r", MANAGER: "r"},
    "bigcommerce.listing.item": {USER: "r", MANAGER: "rw"},
    "bigcommerce.location": {USER: "r", MANAGER: "rw"},
    "bigcommerce.log": {USER: "r", MANAGER: "rd"},
    "bigcommerce.operations": {USER: "rwcd", MANAGER: "rwcd"},
    "bigcommerce.order": {USER: "r", MANAGER: "r", SALES: "r"},
    "bigcommerce.order.explanation": {USER: "rwcd", MANAGER: "rwcd"},
    "bigcommerce.order.status": {USER: "r", MANAGER: "r"},
    "bigcommerce.payment.gateway": {USER: "r", MANAGER: "rw"},
    "bigcommerce.payment.gateway.merge": {MANAGER: "rwcd"},
    "bigcommerce.preview": {USER: "rwcd", MANAGER: "rwcd"},
    "bigcommerce.preview.field": {USER: "rwcd", MANAGER: "rwcd"},
    "bigcommerce.preview.line": {USER: "rwcd", MANAGER: "rwcd"},
    "bigcommerce.queue.job": {USER: "r", MANAGER: "rd"},
    "bigcommerce.queue.line": {USER: "r", MANAGER: "rd"},
    "bigcommerce.refund": {INVOICES: "rwcd"},
    "bigcommerce.refund.method": {INVOICES: "rwcd"},
    "bigcommerce.shipment": {USER: "r", MANAGER: "r", SALES: "r", STOCK: "r"},
    "bigcommerce.stock.level": {USER: "r", MANAGER: "r"},
    "bigcommerce.support.bundle": {MANAGER: "rwcd"},
    "bigcommerce.tax.class": {USER: "r", MANAGER: "rw"},
    "bigcommerce.workflow": {USER: "r", MANAGER: "rwcd"},
    "bigcommerce.workflow.line": {USER: "r", MANAGER: "rwcd"},
}
CONNECTOR = {USER, MANAGER}
INTERNAL = {NOBODY, SALES, STOCK, INVOICES, USER, MANAGER}
# Who may press each button.
BUTTONS = {
    "bigcommerce.automatic.job": {
        "action_run_now": CONNECTOR,
        "action_view_last_run": CONNECTOR,
    },
    "bigcommerce.cancel.order": {"action_cancel_order": {SALES}},
    "bigcommerce.cause": {
        "action_fix": CONNECTOR,
        "action_retry": CONNECTOR,
        "action_view": CONNECTOR,
        "action_view_jobs": CONNECTOR,
        "action_view_lines": CONNECTOR,
    },
    "bigcommerce.instance": {
        "action_allow_this_database": {MANAGER},
        "action_check_scopes": {MANAGER},
        "action_compare_inventory": CONNECTOR,
        "action_confirm": {MANAGER},
        "action_export_inventory": CONNECTOR,
        "action_export_prices": CONNECTOR,
        "action_export_products": CONNECTOR,
        "action_export_shipments": CONNECTOR,
        "action_import_customers": CONNECTOR,
        # It adjusts stock: a connector's user who may do so.
        "action_import_inventory": set(),
        "action_import_listings": CONNECTOR,
        "action_import_orders": CONNECTOR,
        "action_import_prices": CONNECTOR,
        "action_import_refunds": CONNECTOR,
        "action_process_orders": CONNECTOR,
        "action_reset_to_draft": {MANAGER},
        "action_send_test_mail": {MANAGER},
        "action_spread_jobs": {MANAGER},
        "action_support_bundle": {MANAGER},
        "action_test_connection": {MANAGER},
        "action_hide_onboarding": {MANAGER},
        "action_show_onboarding": {MANAGER},
        "action_take_onboarding_step": CONNECTOR,
        "action_view_cause": CONNECTOR,
        "action_view_customers": CONNECTOR,
        "action_view_failed_jobs": CONNECTOR,
        "action_view_held_back": CONNECTOR,
        "action_view_held_orders": CONNECTOR,
        "action_view_jobs": CONNECTOR,
        "action_view_late_jobs": CONNECTOR,
        "action_view_listings": CONNECTOR,
        "action_view_logs": CONNECTOR,
        "action_view_orders": CONNECTOR,
        "action_view_problems": CONNECTOR,
        "action_view_queue": CONNECTOR,
        "action_view_sales": CONNECTOR,
        "action_view_stock_levels": CONNECTOR,
        "action_view_today_orders": CONNECTOR,
        "action_view_unmatched_items": CONNECTOR,
        "action_view_unsent_shipments": CONNECTOR,
    },
    "bigcommerce.log": {
        "action_open_related_record": CONNECTOR,
        "action_view_lines": CONNECTOR,
    },
    "bigcommerce.operations": {
        "action_preview": CONNECTOR,
        "action_process": CONNECTOR,
    },
    "bigcommerce.order": {
        "action_apply_changes": CONNECTOR,
        "action_ignore_changes": CONNECTOR,
        "action_import_now": CONNECTOR,
        "action_import_refunds": CONNECTOR,
        "action_release": CONNECTOR,
        "action_view_sale_order": {SALES, *CONNECTOR},
    },
    "bigcommerce.order.explanation": {
        "action_explain": CONNECTOR,
        "action_explain_other": CONNECTOR,
        "action_fix": CONNECTOR,
        "action_import_now": CONNECTOR,
        "action_release": CONNECTOR,
        "action_view_sale_order": CONNECTOR,
    },
    "bigcommerce.payment.gateway.merge": {"action_merge": {MANAGER}},
    "bigcommerce.preview": {
        "action_import_now": CONNECTOR,
        "action_preview": CONNECTOR,
        "action_view_fields": CONNECTOR,
        "action_view_lines": CONNECTOR,
    },
    "bigcommerce.preview.line": {
        "action_fix": CONNECTOR,
        "action_import_now": CONNECTOR,
        "action_open": CONNECTOR,
    },
    "bigcommerce.queue.job": {
        "action_approve": {MANAGER},
        "action_cancel": CONNECTOR,
        "action_fix": CONNECTOR,
        "action_retry": CONNECTOR,
        "action_view_lines": CONNECTOR,
    },
    "bigcommerce.queue.line": {
        "action_approve": {MANAGER},
        "action_cancel": CONNECTOR,
        "action_fix": CONNECTOR,
        "action_open_related_record": CONNECTOR,
        "action_retry": CONNECTOR,
        "action_retry_alike": CONNECTOR,
        "action_view_logs": CONNECTOR,
    },
    "bigcommerce.refund": {"action_quote": {INVOICES}, "action_submit": {INVOICES}},
    "bigcommerce.shipment": {
        "action_send": {SALES, STOCK, *CONNECTOR},
        "action_view_picking": {SALES, STOCK, *CONNECTOR},
    },
}
# What is pressed with more than a record.
ARGUMENTS = {"action_take_onboarding_step": ["jobs"], "action_view_cause": [1]}
# Of Odoo's records, what everybody opens with whom they are opened already.
FORMS = {
    "sale.order": {SALES, INVOICES},
    "stock.picking": {SALES, STOCK},
    "account.move": {INVOICES},
    "account.payment": {INVOICES},
    "res.partner": {NOBODY, SALES, STOCK, INVOICES},
    "product.template": {NOBODY, SALES, STOCK, INVOICES},
    "product.product": {NOBODY, SALES, STOCK, INVOICES},
    "account.tax": {INVOICES},
    "delivery.carrier": {SALES},
    "stock.warehouse": {STOCK},
}
SECRETS = {"bigcommerce.instance": ["access_token"]}


class UndoError(Exception):
    """Nothing of what was tried is to be left."""


def get_buttons(env):
    """Return the buttons of our models: model -> set of names."""
    found = {}
    for name, model in env.items():
        if not name.startswith("bigcommerce."):
            continue
        names = {
            attribute
            for cls in type(model).mro()
            if cls.__module__.startswith(OURS)
            for attribute in vars(cls)
            if attribute.startswith("action_")
        }
        if names and not model._abstract:
            found[name] = names
    return found


class MatrixCase:
    """A test with a user of each role."""

    @classmethod
    def add_users(cls):
        cls.users = {
            role: new_test_user(cls.env, f"matrix_{role}", group)
            for role, group in GROUPS.items()
        }

    def may(self, action, *arguments):
        """Return whether somebody may do something; what it does is undone."""
        try:
            with self.env.cr.savepoint():
                action(*arguments)
                raise UndoError
        except UndoError:
            return True
        except AccessError:
            return False
        except UserError:
            # There is nothing to do, which is said to those who may.
            return True

    def get_allowed(self, action):
        """Return the roles that may do something.

        :param action: function of a user
        """
        return {role for role, user in self.users.items() if self.may(action, user)}


@tagged("post_install", "-at_install")
class TestModels(MatrixCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_users()

    def test_every_model_is_in_the_table(self):
        models = {
            name
            for name, model in self.env.items()
            if name.startswith("bigcommerce.") and not model._abstract
        }
        self.assertEqual(models, MODELS.keys())

    def test_every_button_is_in_the_table(self):
        self.assertEqual(
            get_buttons(self.env), {name: {*own} for name, own in BUTTONS.items()}
        )

    def test_each_role_may_do_what_the_table_says(self):
        for name, roles in MODELS.items():
            for role, user in self.users.items():
                model = self.env[name].with_user(user)
                found = {
                    letter
                    for letter, right in RIGHTS.items()
                    if model.has_access(right)
                }
                with self.subTest(model=name, role=role):
                    self.assertEqual(found, set(roles.get(role, "")))

    def test_no_group_repeats_what_another_gives_it(self):
        """A line of the access list says something that no other says."""
        rows = self.env["ir.model.access"].search(
            [("model_id.model", "=like", "bigcommerce.%")]
        )
        rights = [f"perm_{right}" for right in RIGHTS.values()]
        for row in rows:
            given = {right for right in rights if row[right]}
            implied = row.group_id.all_implied_ids - row.group_id
            others = rows.filtered(
                lambda other, row=row, implied=implied: (
                    other.model_id == row.model_id and other.group_id in implied
                )
            )
            for other in others:
                with self.subTest(row=row.name):
                    self.assertTrue(given - {right for right in rights if other[right]})


@tagged("post_install", "-at_install")
class TestButtons(MatrixCase, DeliveryCase):
    """What each may press, on the records of a store at work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_users()
        cls.store.delete("v2/orders")
        bc_id = cls.store.place_order(lines=[{**MUG, "quantity": 2}], shipping=["5"])
        cls.run_operation(cls.instance, "import_orders", ids=[bc_id])
        cls.order = cls.get_order(bc_id)
        cls.sale = cls.order.sale_order_id
        cls.sale.action_confirm()
        cls.picking = cls.sale.picking_ids
        cls.picking.move_ids.quantity = 2
        cls.picking.with_context(skip_sms=True).button_validate()
        cls.invoice = cls.sale._create_invoices()
        cls.invoice.action_post()
        cls.line = cls.env["bigcommerce.queue.line"].create(
            {
                "job_id": cls.instance._start("import_orders", ids=[bc_id]).id,
                "instance_id": cls.instance.id,
                "operation": "import_orders",
                "key": "matrix",
                "lane": "matrix",
                "name": "matrix",
                "payload": "{}",
                "state": "blocked",
                "cause_id": cls.env["bigcommerce.cause"]._get("needs_approval").id,
                "res_model": "res.partner",
                "res_id": cls.sale.partner_id.id,
            }
        )
        cls.line.job_id.cause_id = cls.line.cause_id
        cls.instance._log("error", "matrix", record=cls.sale.partner_id)
        cls.log = cls.env["bigcommerce.log"].search([], limit=1)
        cls.gateways = cls.env["bigcommerce.payment.gateway"].create(
            [
                {"instance_id": cls.instance.id, "bc_id": name, "name": name}
                for name in ("one", "another")
            ]
        )

    def find_record(self, name, user):
        """Return a record of a model, for ``user`` to press buttons at."""
        vals = {
            "bigcommerce.cancel.order": {"sale_order_id": self.sale.id},
            "bigcommerce.order.explanation": {
                "instance_id": self.instance.id,
                "number": self.order.bc_id,
                "order_id": self.order.id,
                "other_order_id": self.order.id,
                "queue_line_id": self.line.id,
            },
            "bigcommerce.payment.gateway.merge": {
                "gateway_ids": self.gateways.ids,
                "target_id": self.gateways[0].id,
            },
            "bigcommerce.operations": {
                "instance_ids": self.instance.ids,
                "operation": "import_orders",
            },
            "bigcommerce.preview": {
                "instance_ids": self.instance.ids,
                "operation": "import_orders",
            },
            "bigcommerce.preview.line": {
                "instance_id": self.instance.id,
                "order_id": self.order.id,
                "bc_id": self.order.bc_id,
                "name": self.order.bc_id,
                "verdict": "update",
                "cause_id": self.line.cause_id.id,
            },
            "bigcommerce.refund": {"move_id": self.invoice.id},
        }.get(name)
        record = {
            "bigcommerce.instance": self.instance,
            "bigcommerce.automatic.job": self.instance.automatic_job_ids.filtered(
                lambda job: job.operation == "import_orders"
            ),
            "bigcommerce.cause": self.line.cause_id,
            "bigcommerce.queue.line": self.line,
            "bigcommerce.queue.job": self.line.job_id,
            "bigcommerce.log": self.log,
            "bigcommerce.order": self.order,
            "bigcommerce.shipment": self.order.shipment_ids[:1],
        }.get(name)
        if vals is None:
            return record.with_user(user)
        if name == "bigcommerce.preview.line":
            vals["preview_id"] = self.find_record("bigcommerce.preview", user).id
        model = self.env[name].with_context(active_ids=self.gateways.ids)
        if model.with_user(user).has_access("create"):
            model = model.with_user(user).sudo()
        return model.create(vals).with_user(user).sudo(False)

    def test_each_may_press_what_the_table_says(self):
        self.assertTrue(self.order.shipment_ids)
        # Those of a preview work on a cursor of their own.
        self.enterContext(self.enter_registry_test_mode())
        for name, buttons in BUTTONS.items():
            for button, roles in buttons.items():

                def press(user, name=name, button=button):
                    record = self.find_record(name, user)
                    # Odoo checks what it reads, and not what it has read already.
                    self.env.flush_all()
                    self.env.invalidate_all()
                    getattr(record, button)(*ARGUMENTS.get(button, []))

                with self.subTest(model=name, button=button):
                    self.assertEqual(self.get_allowed(press), set(roles))

    def test_secrets_are_for_managers_whatever_way_they_are_asked_for(self):
        for name, fields in SECRETS.items():
            for field in fields:
                for way, action in {
                    "read": lambda model, field=field: model.read([field]),
                    "write": lambda model, field=field: model.write({field: "x"}),
                    "search": lambda model, field=field: model.search(
                        [(field, "=like", "s%")]
                    ),
                    "order": lambda model, field=field: model.search([], order=field),
                    "group": lambda model, field=field: model.formatted_read_group(
                        [], [field], ["__count"]
                    ),
                    "name_search": lambda model, field=field: model.name_search(
                        domain=[(field, "!=", False)]
                    ),
                    "web_read": lambda model, field=field: model.web_read({field: {}}),
                }.items():
                    with self.subTest(field=field, way=way):
                        record = self.env[name].browse(self.instance.id)
                        allowed = self.get_allowed(
                            lambda user, action=action, record=record: action(
                                record.with_user(user)
                            )
                        )
                        self.assertEqual(allowed, {MANAGER})
        tracked = self.instance.message_ids.tracking_value_ids.field_id
        self.assertNotIn("access_token", tracked.mapped("name"))

    def test_forms_open_for_those_who_may_open_them(self):
        """Also without any part in the connector, and they show none of its secrets."""
        records = {
            "sale.order": self.sale,
            "stock.picking": self.picking,
            "account.move": self.invoice,
            "account.payment": self.pay(),
            "res.partner": self.sale.partner_id,
            "product.template": self.sale.order_line[0].product_template_id,
            "product.product": self.sale.order_line[0].product_id,
            "account.tax": self.env["account.tax"].search([], limit=1),
            "delivery.carrier": self.env["delivery.carrier"].search([], limit=1),
            "stock.warehouse": self.warehouse,
        }
        for name, roles in FORMS.items():
            for role in sorted(roles):
                with self.subTest(form=name, role=role):
                    record = records[name].with_user(self.users[role])
                    self.env.invalidate_all()
                    record.get_views([(False, "form"), (False, "list")])
                    Form(record)

    def pay(self):
        """Return a payment of the invoice."""
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        return register.create({})._create_payments()

    def test_colleagues_do_their_work(self):
        """Sell, deliver, invoice, get paid and give back, without any of our groups."""
        # The store has forgotten the first, whose number it would give again.
        self.store.place_order(lines=[MUG])
        bc_id = self.store.place_order(lines=[{**MUG, "quantity": 2}])
        self.run_operation(self.instance, "import_orders", ids=[bc_id])
        sale = self.get_order(bc_id).sale_order_id.with_user(self.users[SALES])
        with Form(sale) as form:
            form.client_order_ref = "Changed"
        sale.action_quotation_send()
        sale.action_confirm()
        picking = sale.sudo().picking_ids.with_user(self.users[STOCK])
        with Form(picking) as form:
            form.note = "Careful"
        picking.move_ids.quantity = 2
        picking.with_context(skip_sms=True).button_validate()
        self.assertEqual(picking.state, "done")
        sale = sale.with_user(self.users[INVOICES])
        invoice = sale._create_invoices()
        invoice.action_post()
        register = invoice.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create({})._create_payments()
        reversal = (
            invoice.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        reversal.reverse_moves()
        with Form(reversal.new_move_ids) as form:
            form.ref = "Back"
        reversal.new_move_ids.action_post()
        self.assertEqual(reversal.new_move_ids.state, "posted")
