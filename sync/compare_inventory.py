from odoo import api, fields, models

from ..client.resources.scopes import INVENTORY
from .inventory_lists import ITEMS_PER_PAGE
from .operation import Done


class BigcommerceCompareInventory(models.AbstractModel):
    """See what was changed in the store since its levels were exported, and repair it.

    A level that is what Odoo would export now is right, whatever was confirmed: most
    are changed by orders that Odoo knows of. What then differs is exported again, after
    the newest orders have been read: one of them may have changed the level.
    """

    _name = "bigcommerce.compare.inventory"
    _inherit = "bigcommerce.inventory.lists"
    _description = "Compare Product's Inventory"

    _code = "compare_inventory"
    _priority = 74
    _interval = (1, "days")
    _is_exclusive = True
    _batch_size = ITEMS_PER_PAGE
    _stock_direction = "export"
    _choices = {"listing_ids": "listings"}
    _scopes = (INVENTORY,)

    @api.model
    def _get_label(self):
        return self.env._("Compare Product's Inventory")

    @api.model
    def _keep_levels(self, instance, items):
        """Keep the store's levels, and return what is to be exported again."""
        found = {item.key: item.payload["levels"] for item in items}
        targets = self.env["bigcommerce.stock.targets"]._get_targets(
            instance, {item.payload["listing"] for item in items}
        )
        vals_by_place, again, findings = {}, {}, {}
        for target in targets:
            item, location = target.stock.item, target.location
            # What the store says of a part of a listing tracked as a whole is open.
            if len(target.stock.items) > 1 or location.bc_id not in found.get(
                item.bc_id, {}
            ):
                continue
            level = found[item.bc_id][location.bc_id]
            vals = {"quantity": level}
            if level != target.quantity:
                again.setdefault(item.bc_id, []).append(target.key)
                if target.confirmed not in (None, level):
                    vals |= {
                        "found_quantity": level,
                        "found_on": fields.Datetime.now(),
                    }
                    findings.setdefault(item.bc_id, []).append(
                        self._describe(target, level)
                    )
            if level != target.confirmed:
                vals_by_place[item, location] = vals
        self.env["bigcommerce.stock.level"]._confirm(instance, vals_by_place)
        return [
            item._replace(
                payload={
                    **item.payload,
                    "again": again[item.key],
                    "findings": findings.get(item.key, []),
                }
            )
            for item in items
            if item.key in again
        ]

    @api.model
    def _describe(self, target, level):
        return self.env._(
            "%(location)s: %(level)s instead of %(confirmed)s.",
            location=target.location.name,
            level=f"{level:,}",
            confirmed=f"{target.confirmed:,}",
        )

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        payloads = {line: line._get_payload() for line in lines}
        keys = [key for payload in payloads.values() for key in payload["again"]]
        count = sum(len(payload["findings"]) for payload in payloads.values())
        self._export_again(instance, keys)
        instance._log(
            "error" if count else "success",
            self.env._(
                "%(count)s levels have been changed in the store, %(total)s are "
                "exported again.",
                count=f"{count:,}",
                total=f"{len(keys):,}",
            ),
            operation=self._code,
            job_id=lines.job_id[:1].id,
        )
        items = self.env["bigcommerce.listing.item"]._find(
            instance, lines.mapped("key")
        )
        return {
            line: Done(items[line.key], "\n".join(payload["findings"]) or False)
            for line, payload in payloads.items()
            if line.key in items
        }

    @api.model
    def _export_again(self, instance, keys):
        """Export levels, the newest orders first where they are imported by itself."""
        job = self.env["bigcommerce.automatic.job"]._get_job(instance, "import_orders")
        if job.active:
            instance._start_open("import_orders")
        instance._start_open("export_inventory", ids=keys)
