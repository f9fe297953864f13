from markupsafe import Markup

from odoo import api, models

from .problems import Blocked


class BigcommercePreviewProducts(models.AbstractModel):
    """What an export of products would do with each of them."""

    _name = "bigcommerce.preview.products"
    _inherit = "bigcommerce.preview.report"
    _description = "BigCommerce Preview of Products"

    _operation = "export_products"
    _model = "bigcommerce.listing"

    @api.model
    def _prepare_vals_list(self, instance, items, lines, former):
        operation = instance._get_operation(self._operation)
        due = self.env["bigcommerce.queue.line"].concat(
            *(
                line
                for line in lines.values()
                if line.state not in ("blocked", "failed")
            )
        )
        plans = operation._plan(due.with_env(operation.env)) if due else {}
        plans = {line.key: plan for line, plan in plans.items()}
        waiting = self._find_waiting(
            instance, {item.key for item in items} - lines.keys()
        )
        listings = self.env["bigcommerce.listing"]._find(
            instance, [item.key for item in items]
        )
        vals_list = []
        for item in items:
            if item.key in plans:
                verdict = self._judge(plans[item.key])
            elif item.key in lines:
                verdict = self._judge_stopped(lines[item.key])
            else:
                verdict = self._judge_waiting(waiting[item.key])
            listing = listings.get(item.key)
            facts = (
                {
                    "sku": listing.sku or listing.item_ids[:1].sku,
                    "currency_id": listing.currency_id.id,
                    "price": listing.price,
                    "variant_count": listing.item_count,
                    "listing_id": listing.id,
                }
                if listing
                else {}
            )
            vals_list.append({"name": item.name, **facts, **verdict})
        return vals_list

    @api.model
    def _judge(self, plan):
        if isinstance(plan, Blocked):
            return {
                "verdict": "blocked",
                "reason": plan.message,
                "cause_id": self.env["bigcommerce.cause"]._get(plan.cause).id,
            }
        sent = [change for change in plan.fields if change.is_sent]
        kept = [change for change in plan.fields if not change.is_sent]
        words = [
            self.env._(
                "%(what)s: %(before)s → %(after)s.",
                what=change.label,
                before=self._shorten(change.there) or self.env._("none"),
                after=self._shorten(change.here),
            )
            for change in sent
        ]
        if kept:
            words.append(
                self.env._("Stays: %s.", ", ".join(change.label for change in kept))
            )
        return {
            "verdict": plan.kind,
            "reason": self._join(words),
            "changes": plan.fields and self._prepare_table(plan.fields),
        }

    @api.model
    def _shorten(self, text):
        text = " ".join(str(text).split())
        return text if len(text) <= 80 else f"{text[:79]}…"

    @api.model
    def _prepare_table(self, changes):
        """Return a table of fields: what is there, what Odoo says, what is sent."""
        row = Markup(
            "<tr><td>%s</td><td class='text-break'>%s</td>"
            "<td class='text-break'>%s</td><td>%s</td></tr>"
        )
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Field"),
            self.env._("In BigCommerce"),
            self.env._("In Odoo"),
            self.env._("Sent?"),
        )
        rows = Markup("").join(
            row
            % (
                change.label,
                change.there,
                change.here,
                self.env._("Yes") if change.is_sent else change.reason,
            )
            for change in changes
        )
        return Markup(
            "<div class='table-responsive'><table class='table table-sm'>"
            "<thead>%s</thead><tbody>%s</tbody></table></div>"
        ) % (head, rows)
