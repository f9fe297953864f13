from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import split_every

from ..client.payloads.product import Product
from ..client.resources.products import PRODUCTS_PER_REQUEST, VARIANTS_PER_REQUEST
from ..client.resources.scopes import PRODUCTS_WRITE
from .batch_writing import write_in_batches
from .brakes import hold
from .operation import Found, FoundPage
from .price_changes import PRODUCT
from .price_plan import PriceBreak, is_share_exceeded, read_price
from .problems import Blocked

# Lines that are found, and claimed, together: whole requests of products and variants.
LINES_AT_A_TIME = 2000
LISTINGS_AT_A_TIME = 250


def get_id(key):
    """Return the id there that the key of a line ends with."""
    return key.partition(":")[2]


class BigcommerceExportPrices(models.AbstractModel):
    """Let the store's prices be what Odoo says, where they are not.

    Of a listing whose items all follow its price and cost the same, the product gets
    the price; of others, each variant whose price differs. ``sale_price`` stays.

    Prices are absolute: what was sent and not answered is sent again.
    """

    _name = "bigcommerce.export.prices"
    _inherit = ["bigcommerce.operation", "bigcommerce.price.changes"]
    _description = "Export Prices"

    _code = "export_prices"
    _direction = "export"
    # After orders and stock.
    _priority = 70
    _interval = (1, "days")
    _batch_size = LINES_AT_A_TIME
    _choices = {"everything": "everything", "listing_ids": "listings"}
    _scopes = (PRODUCTS_WRITE,)

    @api.model
    def _get_label(self):
        return self.env._("Export Product's Price")

    @api.model
    def _discover(self, client, instance, options, resume):
        """Yield products, then variants, whose price differs.

        All prices are compared first, whatever ``ids`` (keys of lines) or ``listings``
        narrow it to: the brake is about the store as a whole.
        """
        changes, count = self._find_all_changes(instance, options)
        found = self._apply_brake(instance, changes, count)
        if "ids" in options or "listings" in options:
            wanted = set(options.get("ids", ())) | {
                change.key
                for change in changes
                if change.listing.bc_id in options.get("listings", ())
            }
            found = [item for item in found if item.key in wanted]
        else:
            found += self._find_waiting_in_vain(instance, {item.key for item in found})
        start = tuple(resume.get("after", ()))
        due = sorted(
            (item for item in found if self._get_position(item.key) > start),
            key=lambda item: self._get_position(item.key),
        )
        for page in split_every(LINES_AT_A_TIME, due):
            yield FoundPage(list(page), {"after": self._get_position(page[-1].key)})

    @api.model
    def _find_all_changes(self, instance, options):
        """Return the changes of all prices, and the number of items that have one.

        With ``everything`` also of those that are equal, of the chosen listings.
        """
        listings = self.env["bigcommerce.listing"].search(
            [("instance_id", "=", instance.id), ("is_excluded", "=", False)]
        )
        date = fields.Datetime.now()
        changes, count = [], 0
        for page in split_every(LISTINGS_AT_A_TIME, listings.ids, listings.browse):
            resent = page.filtered(
                lambda listing: (
                    options.get("everything")
                    and listing.bc_id in options.get("listings", [listing.bc_id])
                )
            )
            found, priced = self._find_changes(instance, page, date, resent)
            changes += found
            count += priced
        return changes, count

    @api.model
    def _apply_brake(self, instance, changes, count):
        """Return changes as :class:`Found`; what may be a mistake waits for approval.

        That is any price of zero; and all large changes, if more than the set share of
        the store's prices would change that much. A price that was zero changes much.
        """
        percent = read_price(instance.price_brake_percent)
        large = sum(len(change.items) for change in changes if change.is_large(percent))
        is_braked = is_share_exceeded(
            large, count, read_price(instance.price_brake_share)
        )
        found = []
        for change in changes:
            item = Found(
                change.key,
                change.record.name,
                {**change.payload, "note": change.note},
                problem=change.problem,
            )
            if change.is_to_zero() or is_braked and change.is_large(percent):
                item = hold(item, self._describe(instance, change))
            found.append(item)
        return found

    @api.model
    def _get_position(self, key):
        """Return where a line's key comes in the order of products, then variants."""
        return (not self._is_product_key(key), int(get_id(key)))

    @api.model
    def _keep_found(self, instance, options, items):
        """Note why listings have no bulk prices; drop what waits in vain."""
        items = self._drop_waiting_in_vain(instance, items)
        notes = {get_id(item.key): item.payload.pop("note", None) for item in items}
        notes = {bc_id: note for bc_id, note in notes.items() if note is not None}
        listings = self.env["bigcommerce.listing"]._find(instance, notes)
        for bc_id, listing in listings.items():
            listing.price_break_problem = notes[bc_id] or False
        return [
            item
            for item in items
            if item.problem or self._is_about_something(item.payload)
        ]

    @api.model
    def _is_about_something(self, payload):
        return payload.get("price") is not None or payload.get("breaks") is not None

    @api.model
    def _fetch(self, client, lines):
        """Read which bulk prices the products have that are to get others."""
        due = {
            get_id(line.key): line
            for line in lines
            if line._get_payload().get("breaks") is not None
        }
        if not due:
            return {}
        pages = client.iterate_products(product_ids=list(due))
        products = [Product.parse(raw) for page in pages for raw in page.items]
        return {
            due[product.id]: {
                "store_breaks": [
                    PriceBreak(
                        rule.quantity_min,
                        rule.quantity_max,
                        rule.type,
                        read_price(rule.amount),
                    ).keep()
                    for rule in product.bulk_pricing_rules
                ]
            }
            for product in products
        }

    @api.model
    def _group_for_sending(self, lines):
        """Return products 10 and variants 50 at a time, the most that go together."""
        products = lines.filtered(self._is_product)
        return [
            *split_every(PRODUCTS_PER_REQUEST, products.ids, lines.browse),
            *split_every(VARIANTS_PER_REQUEST, (lines - products).ids, lines.browse),
        ]

    @api.model
    def _is_product(self, line):
        return self._is_product_key(line.key)

    @api.model
    def _is_product_key(self, key):
        return key.startswith(f"{PRODUCT}:")

    @api.model
    def _send(self, client, lines):
        """Send what Odoo says now, or exactly what a person has approved."""
        instance = lines.instance_id
        changes, overtaken = self._find_changes_of_lines(lines)
        results, contents, confirmed = {}, {}, {}
        for line in lines:
            change = changes.get(line.key)
            if not change:
                # It is equal by now, or others are to be changed instead.
                results[line] = {"is_overtaken": line.key in overtaken}
            elif problem := self._find_objection(instance, line, change):
                results[line] = problem
            else:
                contents[line], confirmed[line] = self._prepare(line, change)
        is_product = self._is_product(lines[:1])
        saved, errors = write_in_batches(
            client.update_products if is_product else client.update_variants,
            {
                get_id(line.key): content
                for line, content in contents.items()
                if content
            },
            PRODUCTS_PER_REQUEST if is_product else VARIANTS_PER_REQUEST,
        )
        for line, content in contents.items():
            bc_id = get_id(line.key)
            raw = {} if not content else saved.get(bc_id)
            if raw is None:
                if bc_id in errors:
                    results[line] = Blocked("refused", errors[bc_id])
                continue
            if (price := content.get("price")) is not None:
                there = raw.get("price")
                there = price if there is None else read_price(Decimal(str(there)))
                if there != price and bc_id in errors:
                    results[line] = Blocked("refused", errors[bc_id])
                    continue
                confirmed[line]["price"] = str(there)
            results[line] = {"confirmed": confirmed[line]}
        return results

    @api.model
    def _find_changes_of_lines(self, lines):
        """Return what Odoo wants now of what lines are about.

        :return: dict of key -> :class:`PriceChange`; the keys of lines in whose place
            others of the same listing are to be changed
        """
        records = self._find_records(lines)
        listings = {
            key: record if self._is_product_key(key) else record.listing_id
            for key, record in records.items()
        }
        Listing = self.env["bigcommerce.listing"]
        due = Listing.concat(*set(listings.values()))
        resent = Listing.concat(
            *(
                listings[line.key]
                for line in lines
                if line.key in listings and line._get_payload().get("is_resent")
            )
        )
        changes, _count = self._find_changes(
            lines.instance_id,
            due.filtered(lambda listing: listing.active and not listing.is_excluded),
            fields.Datetime.now(),
            resent,
        )
        changes = {
            change.key: change
            for change in changes
            if change.problem or self._is_about_something(change.payload)
        }
        changed = {change.items.listing_id for change in changes.values()}
        overtaken = {
            key
            for key, listing in listings.items()
            if key not in changes and listing in changed
        }
        return changes, overtaken

    @api.model
    def _find_records(self, lines):
        """Return the listings and items that lines are about, by key."""
        keys = lines.mapped("key")
        products = [key for key in keys if self._is_product_key(key)]
        records = {}
        for model, own in (
            ("bigcommerce.listing", products),
            ("bigcommerce.listing.item", set(keys) - set(products)),
        ):
            found = self.env[model]._find(
                lines.instance_id, [get_id(key) for key in own]
            )
            records |= {key: found[get_id(key)] for key in own if get_id(key) in found}
        return records

    @api.model
    def _find_objection(self, instance, line, change):
        """Return the :class:`Blocked` that keeps a change from being sent, if any.

        The brake has seen what the line says. What Odoo has come to say since is sent
        only if it is harmless, and if nobody has approved something else.
        """
        if change.problem:
            return change.problem
        seen, wanted = line._get_payload(), change.payload
        is_same = all(seen.get(name) == wanted[name] for name in ("price", "breaks"))
        percent = read_price(instance.price_brake_percent)
        needs_approval = (
            change.is_to_zero() or not is_same and change.is_large(percent)
            if not line.is_approved
            else not is_same
        )
        if needs_approval:
            return Blocked("needs_approval", self._describe(instance, change), wanted)
        return None

    @api.model
    def _prepare(self, line, change):
        """Return what is sent for a line, and what its being saved confirms."""
        content = {} if change.price is None else {"price": change.price}
        confirmed = {}
        there = line._get_payload().get("store_breaks")
        if change.breaks is not None and there is not None:
            there, own, wanted = (
                [PriceBreak.parse(one) for one in breaks]
                for breaks in (there, change.record.price_breaks or [], change.breaks)
            )
            foreign = [one for one in there if one not in own and one not in wanted]
            if foreign and wanted:
                confirmed["note"] = self.env._(
                    "The pricelist's prices for larger quantities are not in the "
                    "store: it has bulk prices of its own. Remove them there, or the "
                    "rules here."
                )
            else:
                confirmed.update(breaks=change.breaks, note="")
                if set(there) != {*foreign, *wanted}:
                    content["bulk_pricing_rules"] = [
                        self._prepare_break(one) for one in (*foreign, *wanted)
                    ]
        return content, confirmed

    @api.model
    def _prepare_break(self, one):
        """Return bulk prices as the API takes them: a percentage is a text."""
        is_share = one.type == "percent"
        return {**one.keep(), "amount": str(one.amount) if is_share else one.amount}

    @api.model
    def _look(self, client, lines):
        """Nothing is looked up: to send a price again does no harm."""
        return {}

    @api.model
    def _apply(self, lines):
        records = self._find_records(lines)
        for line in lines:
            result = line._get_payload()
            if line.key in records and (confirmed := result.get("confirmed")):
                self._keep_confirmed(records[line.key], confirmed)
        self._forget_read(lines.instance_id, records.values())
        if any(line._get_payload().get("is_overtaken") for line in lines):
            lines.instance_id._start_open(self._code)
        return {line: records[line.key] for line in lines if line.key in records}

    @api.model
    def _forget_read(self, instance, records):
        """Let listings be read again that were read before they were changed."""
        listing_ids = {
            record.bc_id
            if record._name == "bigcommerce.listing"
            else record.listing_id.bc_id
            for record in records
        }
        QueueLine = self.env["bigcommerce.queue.line"]
        QueueLine.search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", "import_listings"),
                ("key", "in", list(listing_ids)),
                ("state", "in", QueueLine._WAITING_STATES),
            ]
        ).payload = False

    @api.model
    def _keep_confirmed(self, record, confirmed):
        """Write what the store has confirmed of a listing or an item.

        The digests go, so that an import sees it when the store has the old values
        again.
        """
        is_product = record._name == "bigcommerce.listing"
        listing = record if is_product else record.listing_id
        vals = {"payload_digest": False}
        if "breaks" in confirmed:
            vals["price_breaks"] = confirmed["breaks"]
        if "note" in confirmed:
            vals["price_break_problem"] = confirmed["note"] or False
        if (price := confirmed.get("price")) is not None:
            price = float(price)
            if is_product:
                vals["price"] = price
                items = listing.with_context(active_test=False).item_ids
                items = items.filtered(lambda item: not item.has_own_price)
            else:
                items = record
                record.has_own_price = True
            items.write(
                {"price": price, "payload_digest": False, "price_problem": False}
            )
        listing.write(vals)

    @api.model
    def _find_subjects(self, lines):
        records = self._find_records(lines)
        return {line: records[line.key] for line in lines if line.key in records}
