"""Operations that only tests have, for registries that they are added to.

What there is to do is given when one is started: ``items``, each with a ``key`` and
what the operation needs of it, and perhaps a ``lane``.
"""

from odoo import api, models

from ..sync.operation import Found, FoundPage


class BigcommerceTestCount(models.AbstractModel):
    """Add one to ``color`` of each of the ``partners``, in their order."""

    _module = None
    _name = "bigcommerce.test.count"
    _inherit = ["bigcommerce.operation"]
    _description = "Count"

    _code = "test_count"

    @api.model
    def _get_label(self):
        return self._description

    @api.model
    def _discover(self, client, instance, options, resume):
        yield FoundPage(
            [
                Found(item["key"], f"Thing {item['key']}", item, item.get("lane", ""))
                for item in options["items"]
            ],
            {},
        )

    @api.model
    def _apply(self, lines):
        return {
            line: [
                self._count(line, partner_id)
                for partner_id in line._get_payload()["partners"]
            ][-1]
            for line in lines
        }

    @api.model
    def _count(self, line, partner_id):
        partner = self.env["res.partner"].browse(partner_id)
        partner.color += 1
        partner.flush_recordset()
        return partner


class BigcommerceTestUrgent(models.AbstractModel):
    """Count, before everything else."""

    _module = None
    _name = "bigcommerce.test.urgent"
    _inherit = ["bigcommerce.test.count"]
    _description = "Count at Once"

    _code = "test_urgent"
    _priority = 5


class BigcommerceTestExclusive(models.AbstractModel):
    """Count, in one process at a time."""

    _module = None
    _name = "bigcommerce.test.exclusive"
    _inherit = ["bigcommerce.test.count"]
    _description = "Count Alone"

    _code = "test_exclusive"
    _is_exclusive = True
    _batch_size = 2


class BigcommerceTestNote(models.AbstractModel):
    """Add the key to the staff notes of the store's ``order``: not idempotent."""

    _module = None
    _name = "bigcommerce.test.note"
    _inherit = ["bigcommerce.test.count"]
    _description = "Note"

    _code = "test_note"
    _direction = "export"

    @api.model
    def _send(self, client, lines):
        return {line: self._send_note(client, line) for line in lines}

    @api.model
    def _send_note(self, client, line):
        order_id = line._get_payload()["order"]
        notes = self._read_notes(client, line) + f"[{line.key}]"
        client.update_order(order_id, {"staff_notes": notes})
        return {"staff_notes": notes}

    @api.model
    def _look(self, client, lines):
        found = {line: self._read_notes(client, line) for line in lines}
        return {
            line: {"staff_notes": notes}
            for line, notes in found.items()
            if f"[{line.key}]" in notes
        }

    @api.model
    def _read_notes(self, client, line):
        return client.get_order(line._get_payload()["order"])["staff_notes"] or ""

    @api.model
    def _apply(self, lines):
        return {line: line.instance_id for line in lines}


OPERATIONS = (
    BigcommerceTestCount,
    BigcommerceTestUrgent,
    BigcommerceTestExclusive,
    BigcommerceTestNote,
)
