from odoo import api, fields, models
from odoo.fields import Command

from .price_plan import read_price
from .problems import Blocked
from .product_comparison import FieldChange
from .product_keys import get_template_id


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
        self._add_prices(instance, due, plans)
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
            facts = self._prepare_fact_vals(item, listings.get(item.key))
            name = self._shorten(item.name)
            vals_list.append({"name": name, **facts, **verdict})
        return vals_list

    @api.model
    def _add_prices(self, instance, lines, plans):
        """Add the prices that are to be exported along, where somebody wants that."""
        keys = [
            line.key
            for line in lines
            if line._get_payload().get("wishes", {}).get("set_price")
            and not isinstance(plans[line.key], Blocked)
        ]
        listings = self.env["bigcommerce.listing"]._find(instance, keys)
        changes, _count = self.env["bigcommerce.export.prices"]._find_changes(
            instance,
            self.env["bigcommerce.listing"].concat(*listings.values()),
            fields.Datetime.now(),
        )
        for change in changes:
            if change.price is None:
                continue
            key = change.items.listing_id.bc_id
            is_whole = change.record._name == "bigcommerce.listing"
            label = self.env._("Price")
            plans[key] = plans[key]._replace(
                kind="update",
                fields=[
                    *plans[key].fields,
                    FieldChange(
                        label if is_whole else f"{label} ({change.record.options})",
                        str(read_price(change.record.price).normalize() + 0),
                        str(change.price.normalize() + 0),
                    ),
                ],
            )

    @api.model
    def _prepare_fact_vals(self, item, listing):
        if listing:
            templates = listing.item_ids.product_id.product_tmpl_id
            return {
                "sku": listing.sku or listing.item_ids[:1].sku,
                "currency_id": listing.currency_id.id,
                "price": listing.price,
                "variant_count": listing.item_count,
                "listing_id": listing.id,
                "template_id": len(templates) == 1 and templates.id,
            }
        template = self.env["product.template"].browse(get_template_id(item.key))
        return {
            "sku": template.default_code,
            "variant_count": template.product_variant_count,
            "template_id": template.id,
        }

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
        if plan.kind == "create":
            labels = dict.fromkeys(change.label for change in sent)
            words = [self.env._("Made with: %s.", ", ".join(labels))]
        else:
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
            "field_ids": [
                Command.create(
                    {
                        "name": change.label,
                        "there": change.there,
                        "here": change.here,
                        "is_sent": change.is_sent,
                        "reason": change.reason,
                    }
                )
                for change in plan.fields
            ],
        }

    @api.model
    def _shorten(self, text):
        text = " ".join(str(text).split())
        return text if len(text) <= 80 else f"{text[:79]}…"
