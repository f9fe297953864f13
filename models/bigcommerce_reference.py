import hashlib
import json

from odoo import api, fields, models


class BigcommerceReference(models.AbstractModel):
    """What Odoo keeps of one object of a store, bound by (instance, id there)."""

    _name = "bigcommerce.reference"
    _description = "BigCommerce Reference"
    _order = "instance_id, name, id"
    _check_company_auto = True

    instance_id = fields.Many2one(
        "bigcommerce.instance", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="instance_id.company_id", store=True, index=True
    )
    bc_id = fields.Char("BigCommerce ID", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    active = fields.Boolean(default=True)
    payload_digest = fields.Char(readonly=True, copy=False)

    _instance_bc_id_unique = models.UniqueIndex(
        "(instance_id, bc_id)",
        "This object of the store is already there.",
    )

    @api.model
    def _digest(self, content):
        """Return a digest of JSON-like ``content``: equal content, equal digest."""
        text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    @api.model
    def _find(self, instance, bc_ids):
        """Return the records of ``instance``, archived ones too, by their id there."""
        records = self.with_context(active_test=False).search(
            [("instance_id", "=", instance.id), ("bc_id", "in", list(bc_ids))]
        )
        return {record.bc_id: record for record in records}

    @api.model
    def _upsert(self, instance, vals_by_id):
        """Create what is new, write what differs, and leave the rest untouched.

        :param instance: the store
        :param dict vals_by_id: values of each object, by its id in the store; with a
            ``payload_digest`` that alone decides what differs
        :return: the records by their id in the store
        :rtype: dict
        """
        known = self._find(instance, vals_by_id)
        missing = []
        for bc_id, vals in vals_by_id.items():
            vals = {"active": True, "payload_digest": self._digest(vals), **vals}
            record = known.get(bc_id)
            if not record:
                missing.append({**vals, "instance_id": instance.id, "bc_id": bc_id})
            elif (record.payload_digest, record.active) != (
                vals["payload_digest"],
                vals["active"],
            ):
                record.write(vals)
        known.update((record.bc_id, record) for record in self.create(missing))
        return known

    @api.model
    def _refresh(self, instance, vals_by_id):
        """Make the records equal to the store's complete list; archive the vanished."""
        records = self._upsert(instance, vals_by_id)
        self.search(
            [("instance_id", "=", instance.id), ("bc_id", "not in", list(vals_by_id))]
        ).action_archive()
        return records
