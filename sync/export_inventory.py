from odoo import api, models
from odoo.tools import split_every

from ..client.resources.inventory import LEVELS_PER_REQUEST
from ..client.resources.scopes import INVENTORY_WRITE
from .brakes import hold
from .operation import Found, FoundPage
from .problems import Blocked


class BigcommerceExportInventory(models.AbstractModel):
    """Write Odoo's stock to the store: whole levels, only those that differ there."""

    _name = "bigcommerce.export.inventory"
    _inherit = "bigcommerce.operation"
    _description = "Export Product's Inventory"

    _code = "export_inventory"
    _direction = "export"
    # After orders, which take of the same stock.
    _priority = 70
    _interval = (30, "minutes")
    # BigCommerce wants one call to be answered before the next.
    _is_exclusive = True
    _batch_size = LEVELS_PER_REQUEST
    _send_size = LEVELS_PER_REQUEST
    _choices = {"everything": "everything", "listing_ids": "listings"}
    _scopes = (INVENTORY_WRITE,)

    @api.model
    def _get_label(self):
        return self.env._("Export Product's Inventory")

    @api.model
    def _check_may_start(self, instance):
        self.env["bigcommerce.location"]._check_in_use(instance, "export")

    # Discover

    @api.model
    def _discover(self, client, instance, options, resume):
        targets = self.env["bigcommerce.stock.targets"]._get_targets(instance)
        held_keys = self._get_held_keys(instance, targets)
        after = tuple(resume.get("after", ()))
        is_resent = bool(options.get("everything"))
        wanted = [
            target
            for target in self._select_targets(targets, options)
            if (is_resent or self._differs(target))
            and self._get_position(target) > after
        ]
        share = self._describe_share(held_keys, targets)
        needless = []
        if not (options or after):
            needless = self._find_waiting_in_vain(instance, {one.key for one in wanted})
        for page in split_every(LEVELS_PER_REQUEST, wanted):
            found = [
                self._found(target, share, held_keys, is_resent) for target in page
            ]
            yield FoundPage(
                [*needless, *found], {"after": self._get_position(page[-1])}
            )
            needless = []
        if needless:
            yield FoundPage(needless, {})

    @api.model
    def _select_targets(self, targets, options):
        """Return those of ``targets`` that a run is about."""
        keys = set(options.get("ids", ()))
        listings = set(options.get("listings", ()))
        return [
            target
            for target in targets
            if ("ids" not in options or target.key in keys)
            and (
                "listings" not in options
                or target.stock.item.listing_id.bc_id in listings
            )
        ]

    @api.model
    def _get_position(self, target):
        """Return where a target is in the list of all."""
        return target.location.id, target.stock.item.id

    @api.model
    def _differs(self, target):
        return target.quantity != target.confirmed

    @api.model
    def _found(self, target, share, held_keys, is_resent=False):
        identity, bc_id = target.stock.identity
        item = target.stock.item
        found = Found(
            target.key,
            self.env._(
                "%(item)s at %(location)s",
                item=target.stock.name,
                location=target.location.name,
            ),
            {
                "location": target.location.bc_id,
                "listing": item.listing_id.bc_id,
                "item": item.bc_id,
                "identity": identity,
                "id": bc_id,
                "quantity": target.quantity,
                **({"is_resent": True} if is_resent else {}),
            },
        )
        if target.is_out_of_range:
            return found._replace(problem=self._explain_range(target))
        if target.key in held_keys:
            return hold(found, share)
        return found

    @api.model
    def _explain_range(self, target):
        return Blocked(
            "stock_out_of_range",
            self.env._(
                "Odoo has %s: more than BigCommerce can keep.", f"{target.quantity:,}"
            ),
        )

    @api.model
    def _get_held_keys(self, instance, targets):
        """Return the keys of levels that wait for approval: too many would become 0."""
        emptied = {
            target.key for target in targets if self._differs(target) and target.empties
        }
        allowed = len(targets) * instance.stock_brake_share / 100
        return emptied if len(emptied) > allowed else set()

    @api.model
    def _describe_share(self, held_keys, targets):
        return self.env._(
            "%(count)s of %(total)s levels would become 0.",
            count=f"{len(held_keys):,}",
            total=f"{len(targets):,}",
        )

    @api.model
    def _keep_found(self, instance, options, items):
        """Return what is not known to be refused: that waits for somebody to see to it.

        Each of those would be looked for among thousands again, run by run. What waits
        in vain is dropped.
        """
        items = self._drop_waiting_in_vain(instance, items)
        if options.get("again") or "ids" in options:
            return items
        QueueLine = self.env["bigcommerce.queue.line"]
        waiting = QueueLine.search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", self._code),
                ("key", "in", [item.key for item in items]),
                ("state", "=", "blocked"),
                ("cause_id.code", "!=", "needs_approval"),
            ]
        )
        known = {line.key: line.payload for line in waiting}
        return [
            item
            for item in items
            if known.get(item.key) != QueueLine._encode(item.payload)
        ]

    # Send

    @api.model
    def _send(self, client, lines):
        instance = lines.instance_id
        payloads = {line: line._get_payload() for line in lines}
        targets = {
            target.key: target
            for target in self.env["bigcommerce.stock.targets"]._get_targets(
                instance, {payload["listing"] for payload in payloads.values()}
            )
        }
        held_keys = self._get_newly_held_keys(instance, payloads, targets)
        results, items = {}, []
        for line, payload in payloads.items():
            target = targets.get(line.key)
            problem = target and self._find_problem(line, payload, target, held_keys)
            if problem:
                results[line] = problem
            elif target and (payload.get("is_resent") or self._differs(target)):
                results[line] = {"sent": target.quantity}
                items.append(
                    {
                        "location_id": int(payload["location"]),
                        payload["identity"]: int(payload["id"]),
                        "quantity": target.quantity,
                    }
                )
            else:
                # It has become equal, or is not synchronised any more.
                results[line] = {}
        if items:
            client.set_inventory_levels(
                sorted(items, key=lambda item: item["location_id"]),
                self.env._("Stock in Odoo"),
            )
        return results

    @api.model
    def _find_problem(self, line, payload, target, held_keys):
        """Return what keeps a level from being sent as it is now, None if nothing."""
        if target.is_out_of_range:
            return self._explain_range(target)
        if line.is_approved:
            if target.quantity != payload["quantity"] and self._differs(target):
                return Blocked(
                    "needs_approval",
                    self.env._(
                        "Approved was %(approved)s, Odoo has %(quantity)s now. The "
                        "next export asks again, if it has to.",
                        approved=f"{payload['quantity']:,}",
                        quantity=f"{target.quantity:,}",
                    ),
                )
        elif target.key in held_keys:
            return Blocked(
                "needs_approval",
                self.env._("Odoo has nothing more of it, and of many others."),
            )
        return None

    @api.model
    def _get_newly_held_keys(self, instance, payloads, targets):
        """Return the keys of levels that have become 0 since lines were made of them.

        And of too many others: who made the lines could not know.
        """
        is_new = any(
            line.key in targets and targets[line.key].empties
            for line, payload in payloads.items()
            if payload["quantity"] and not line.is_approved
        )
        if not is_new:
            return set()
        everything = self.env["bigcommerce.stock.targets"]._get_targets(instance)
        return self._get_held_keys(instance, everything)

    @api.model
    def _look(self, client, lines):
        """Levels are absolute: what may have arrived is just sent again."""
        return {}

    # Apply

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        payloads = {line: line._get_payload() for line in lines}
        locations = self.env["bigcommerce.location"]._find(
            instance, {payload["location"] for payload in payloads.values()}
        )
        items = self.env["bigcommerce.listing.item"]._find(
            instance, {payload["item"] for payload in payloads.values()}
        )
        places = {
            line: (items[payload["item"]], locations[payload["location"]])
            for line, payload in payloads.items()
            if "sent" in payload
        }
        levels = self.env["bigcommerce.stock.level"]._confirm(
            instance,
            {
                place: {"quantity": payloads[line]["sent"]}
                for line, place in places.items()
            },
        )
        return {line: levels[place] for line, place in places.items()}

    @api.model
    def _find_subjects(self, lines):
        items = {line: line._get_payload()["item"] for line in lines if line.payload}
        records = self.env["bigcommerce.listing.item"]._find(
            lines.instance_id, set(items.values())
        )
        return {
            line: records[bc_id] for line, bc_id in items.items() if bc_id in records
        }
