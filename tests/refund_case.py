"""What the tests of refunds stand on."""

from .workflow_case import WorkflowCase

MUGS = {"sku": "MUG-ENAMEL", "quantity": 3, "price": "3.33"}
IMPORT, EXPORT = "import_refunds", "export_refunds"
VAT = [{"name": "VAT", "rate": "15"}]


class RefundCase(WorkflowCase):
    """A store whose taxes are followed; orders are invoiced, validated and paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal.outbound_payment_method_line_ids.payment_account_id = (
            cls.journal.inbound_payment_method_line_ids.payment_account_id
        )
        cls.instance.write(
            {
                "tax_system": "marketplace",
                "tax_account_id": cls.create_account("Tax", "TAX").id,
                "refund_tax_account_id": cls.create_account("Tax Back", "TAXB").id,
            }
        )
        cls.env["product.product"].search([]).invoice_policy = "order"
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.env.ref("base.JPY").id,
                "name": "2000-01-01",
                "rate": 150,
            }
        )

    @classmethod
    def create_account(cls, name, code):
        return cls.env["account.account"].create(
            {"name": name, "code": f"{code}.RF", "account_type": "liability_current"}
        )

    def order(self, **cart):
        """Place, import, invoice and pay an order; return its record."""
        return self.import_order(
            **{"lines": [MUGS], "taxes": VAT, "shipping": ["5"], **cart}
        )

    def line_of(self, record, position=1):
        return int(record.bc_id) * 100 + position

    def address_of(self, record):
        return int(record.bc_id) * 10

    def refund(self, record, *items, **content):
        """Refund in the store, import it; return the credit note, perhaps none."""
        refund = self.store.refund(record.bc_id, *items, **content)
        self.run_operation(self.instance, IMPORT)
        line = self.get_import_line(refund["id"])
        self.assertIn(line.state, ("done", "blocked"), line.traceback or line.message)
        return self.find_note(refund["id"])

    def find_note(self, refund_id):
        return self.env["account.move"].search(
            [("bigcommerce_refund_id", "=", str(refund_id))]
        )

    def get_import_line(self, refund_id=1):
        return self.get_lines(IMPORT, key=str(refund_id))[:1]

    def credit(self, record, **quantities):
        """Return a credit note by hand of the order's invoice, validated.

        :param quantities: by part, 0 for none; all of what is not named
        """
        invoice = record.sale_order_id.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.reverse_moves()
        note = wizard.new_move_ids
        for line in note.invoice_line_ids:
            part = line.sale_line_ids.bigcommerce_part
            if part in quantities:
                if quantities[part]:
                    line.quantity = quantities[part]
                else:
                    line.unlink()
        note.action_post()
        return note

    def open_wizard(self, note):
        """Return the wizard of a credit note, as its button opens it."""
        action = note.action_refund_in_bigcommerce()
        return self.env[action["res_model"]].browse(action["res_id"])

    def submit(self, note, description="Broken"):
        """Agree to BigCommerce's quote of a credit note; nothing is sent yet."""
        wizard = self.open_wizard(note)
        wizard.description = description
        wizard.action_submit()
        return self.get_export_line(note)

    def get_export_line(self, note):
        return self.get_lines(EXPORT, key=str(note.id))[:1]

    def get_refunds(self, record):
        """Return the refunds that the store has of an order."""
        rows = self.store.control("GET", "v3/orders/payment_actions/refunds")
        return [row for row in rows if str(row["order_id"]) == record.bc_id]

    def assertRefundedOnce(self, record, note, total):
        """The store has one refund of the order, and the note knows it."""
        (refund,) = self.get_refunds(record)
        self.assertAlmostEqual(refund["total_amount"], total, 2)
        self.assertEqual(note.bigcommerce_refund_id, str(refund["id"]))
        self.assertEqual(note.bigcommerce_refund_state, "done")
        self.assertEqual(self.get_export_line(note).state, "done")
        self.assertQueueIsSound()
