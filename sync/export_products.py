from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..client.errors import Conflict
from ..client.resources.products import PRODUCTS_PER_REQUEST, VARIANTS_PER_REQUEST
from ..client.resources.scopes import PRODUCTS_WRITE
from .batch_writing import write_in_batches
from .operation import PAGE_SIZE, Found, FoundPage
from .problems import Blocked
from .product_keys import get_new_key, get_template_id, get_template_ids

# Listings that are changed together.
LISTINGS_TOGETHER = 10 * PRODUCTS_PER_REQUEST
WISHES = ("publish", "set_price", "set_stock")
# All that a run is asked to do with what it is about.
ASKED = (*WISHES, "channels")


class BigcommerceExportProducts(models.AbstractModel):
    """Bring Odoo's products into the store, and keep there what belongs to Odoo.

    A line is about a product to be made, or about a listing. One that is to be made is
    one request, and looked for by SKU and name if its answer was lost. A listing is
    read before it is changed, and sent what differs; to send that twice does no harm.
    """

    _name = "bigcommerce.export.products"
    _inherit = [
        "bigcommerce.operation",
        "bigcommerce.product.choice",
        "bigcommerce.product.planning",
        "bigcommerce.product.binding",
        "bigcommerce.product.options",
    ]
    _description = "Export Products"

    _code = "export_products"
    _direction = "export"
    # Before prices and stock, which are about what the store has.
    _priority = 65
    _interval = (1, "days")
    _choices = {
        "template_ids": "templates",
        "category_ids": "categories",
        "listing_ids": "listings",
        "set_price": "set_price",
        "set_stock": "set_stock",
        "publish": "publish",
        "channel_ids": "channels",
    }
    _has_preview = True
    _scopes = (PRODUCTS_WRITE,)

    @api.model
    def _get_label(self):
        return self.env._("Export Products")

    @api.model
    def _prepare_options(self, instance, choices):
        templates = self.env["product.template"].browse(choices.get("template_ids"))
        foreign = templates.filtered(lambda own: own.company_id - instance.company_id)
        if foreign:
            raise UserError(
                self.env._(
                    "“%(product)s” belongs to another company than %(instance)s. Take "
                    "it out.",
                    product=foreign[0].display_name,
                    instance=instance.name,
                )
            )
        return super()._prepare_options(instance, choices)

    @api.model
    def _narrow(self, options, keys):
        return {
            **{name: options[name] for name in ASKED if name in options},
            "ids": keys,
        }

    # Discover

    @api.model
    def _discover(self, client, instance, options, resume):
        """Yield the listings of what is chosen, and then what is to be made of it.

        ``ids``: keys of lines. Nothing chosen: all listings with products.
        """
        wishes = self._get_wishes(options)
        listings, templates = self._choose(instance, options)
        places = {
            **{(0, listing.id): (listing.bc_id, listing) for listing in listings},
            **{(1, own.id): (get_new_key(own), own) for own in templates},
        }
        start = tuple(resume.get("after", ()))
        due = sorted(place for place in places if place > start)
        for page in split_every(PAGE_SIZE, due, list):
            found = [places[place] for place in page]
            yield FoundPage(
                [
                    Found(key, record.name or key, {"wishes": wishes})
                    for key, record in found
                ],
                {"after": page[-1]},
            )

    @api.model
    def _get_wishes(self, options):
        return {name: options[name] for name in WISHES if options.get(name)}

    @api.model
    def _keep_found(self, instance, options, items):
        """Let what is looked at again, or waits already, be done as it was asked for.

        What waits for its turn is done as Odoo has it then: a run that asks for no more
        leaves it to the one before, and to what follows that.
        """
        wishes = self._get_wishes(options)
        if options.get("again"):
            return [item._replace(payload={"wishes": wishes}) for item in items]
        QueueLine = self.env["bigcommerce.queue.line"]
        waiting = {
            line.key: line
            for line in QueueLine.search(
                [
                    ("instance_id", "=", instance.id),
                    ("operation", "=", self._code),
                    ("key", "in", [item.key for item in items]),
                    ("state", "in", QueueLine._WAITING_STATES),
                ]
            )
        }
        kept = []
        for item in items:
            line = waiting.get(item.key)
            former = line.job_id.options or {} if line else {}
            asked = {name: options[name] for name in ASKED if options.get(name)}
            if line and line.state != "blocked" and asked.items() <= former.items():
                continue
            both = {**self._get_wishes(former), **wishes}
            kept.append(item._replace(payload={"wishes": both}))
        return kept

    # Fetch

    @api.model
    def _fetch(self, client, lines):
        """Read the products that are to be changed as they are now.

        Of those to be made it is kept what they are called when they are sent.
        """
        due = {line.key: line for line in lines if line.key.isdigit()}
        pages = client.iterate_products(product_ids=sorted(map(int, due)))
        found = {
            due[str(raw["id"])]: {"there": raw}
            for page in pages
            for raw in page.items
            if str(raw["id"]) in due
        }
        # Unknown ones are looked for by what they were called.
        unsent = lines.filtered(lambda line: line.state != "unknown")
        called = self._find_calls(unsent)
        return found | {line: {"called": own} for line, own in called.items()}

    @api.model
    def _find_calls(self, lines):
        """Return what new products are known by in the store.

        :return: dict of line -> name, SKU and brand, without those that Odoo deleted
        """
        new = get_template_ids(lines)
        Template = self.env["product.template"].with_context(active_test=False)
        templates = Template.browse(new.values()).exists()
        sheets = self.env["bigcommerce.product.sheets"]._prepare_sheets(
            lines.instance_id, templates
        )
        called = {
            template.id: {
                "name": sheet.name,
                "sku": next((own.sku for own in sheet.variants if own.sku), ""),
                "brand": sheet.brand,
            }
            for template, sheet in sheets.items()
        }
        return {line: called[key] for line, key in new.items() if key in called}

    # Send

    @api.model
    def _group_for_sending(self, lines):
        """Return new products one by one, and listings in whole requests.

        Several, so that there are enough variants for one of theirs.
        """
        listings = lines.filtered(lambda line: line.key.isdigit())
        return [
            *(lines - listings),
            *split_every(LISTINGS_TOGETHER, listings.ids, lines.browse),
        ]

    @api.model
    def _send(self, client, lines):
        plans = self._plan(lines)
        results, changes = {}, {}
        for line, plan in plans.items():
            if isinstance(plan, Blocked):
                results[line] = plan
            elif plan.kind == "create":
                results[line] = self._create(client, line, plan)
            elif plan.kind == "update":
                changes[line] = plan.change
            else:
                change = plan.change
                results[line] = (
                    {"is_hidden": change.is_hidden, "sale": change.sale}
                    if change
                    else {}
                )
        for line in [line for line in changes if changes[line].is_structural]:
            outcome = self._change_options(client, line, changes[line])
            if isinstance(outcome, Blocked):
                results[line] = outcome
                del changes[line]
            else:
                changes[line] = outcome
        results |= self._update(client, changes)
        return results

    @api.model
    def _create(self, client, line, plan):
        content = dict(plan.content)
        known, made = self.env["bigcommerce.category.creation"]._ensure(
            client, line.instance_id, plan.category_ids
        )
        if plan.category_ids:
            content["categories"] = [
                int(known[category_id]) for category_id in plan.category_ids
            ]
        try:
            saved = client.create_product(content)
        except Conflict as error:
            return Blocked(
                "exists_in_store",
                self.env._(
                    "The store has a product of this name or SKU already: %s. Import "
                    "the listings, and map it.",
                    error,
                ),
            )
        return {
            "created": saved.raw,
            "complaint": saved.complaint,
            "categories": made,
            "brand_name": content.get("brand_name", ""),
        }

    @api.model
    def _change_options(self, client, line, change):
        """Rename options, add values and variants, on the product as it is now.

        :return: the :class:`ProductChange` of what is left to send, or a ``Blocked``
        """
        self._read_fresh(client, line)
        plan = self._plan(line)[line]
        if isinstance(plan, Blocked):
            return plan
        if plan.change is None:
            return change
        change = plan.change
        try:
            Content = self.env["bigcommerce.product.content"]
            prices = Content._get_prices(
                Content._find_prices(line.instance_id, change.new_variants),
                change.new_variants,
            )
        except Blocked as problem:
            return problem
        self._rename_options(client, line, change)
        if change.new_variants:
            self._create_variants(client, line, change, prices)
        self._read_fresh(client, line)
        change.renames, change.new_variants = [], []
        return change

    @api.model
    def _read_fresh(self, client, line):
        """Let a line know what the store has of its product at this moment."""
        line.details = line._encode(self._fetch(client, line).get(line, {}))

    @api.model
    def _update(self, client, changes):
        """Send what differs of products and variants.

        :param dict changes: line -> :class:`ProductChange`
        :return: dict of line -> what the store confirmed, or a ``Blocked``
        """
        fields, made = {}, {}
        for line, change in changes.items():
            fields[line], made[line] = self._prepare_fields(client, line, change)
        products = write_in_batches(
            client.update_products,
            {line.key: own for line, own in fields.items() if own},
            PRODUCTS_PER_REQUEST,
        )
        variants = write_in_batches(
            client.update_variants,
            {
                bc_id: own
                for change in changes.values()
                for bc_id, own in change.variant_fields.items()
            },
            VARIANTS_PER_REQUEST,
        )
        results = {}
        for line, change in changes.items():
            result = self._read_outcome(line, fields[line], change, products, variants)
            if isinstance(result, dict):
                result["categories"] = made[line]
            if result is not None:
                results[line] = result
        return results

    @api.model
    def _prepare_fields(self, client, line, change):
        """Return what is sent of a product; and categories, made where there are none.

        :return: fields, and pairs as of ``bigcommerce.category.creation._ensure``
        """
        fields = change.product_fields
        if not change.category_ids:
            return fields, []
        known, made = self.env["bigcommerce.category.creation"]._ensure(
            client, line.instance_id, change.category_ids
        )
        new = [int(known[own]) for own in change.category_ids]
        # Several of Odoo's may be one in the store.
        there = dict.fromkeys([*fields["categories"], *new])
        return {**fields, "categories": [*there]}, made

    @api.model
    def _read_outcome(self, line, fields, change, products, variants):
        """Return what the store confirmed of a change.

        :param dict fields: what was sent of the product
        :param products: what was saved, and why others were not; ``variants`` as well
        :return: a dict, a ``Blocked``, or None if nobody knows
        """
        (saved, errors), (saved_variants, variant_errors) = products, variants
        sent = change.variant_fields
        own = {
            bc_id: saved_variants[bc_id] for bc_id in sent if bc_id in saved_variants
        }
        complaints = [errors[line.key]] if line.key in errors else []
        complaints += [variant_errors[one] for one in sent if one in variant_errors]
        is_whole = len(own) == len(sent) and (line.key in saved or not fields)
        if not is_whole and not complaints:
            return None
        if not is_whole and not own and line.key not in saved:
            return Blocked("refused", "; ".join(complaints))
        return {
            "there": line._get_payload()["there"],
            "saved": saved.get(line.key, {}),
            "saved_variants": own,
            "complaint": "; ".join(complaints),
            "is_hidden": (
                change.is_hidden
                if line.key in saved or "is_visible" not in fields
                else None
            ),
            "sale": {
                bc_id: is_off
                for bc_id, is_off in change.sale.items()
                if bc_id in own or bc_id not in sent
            },
            "brand_name": fields.get("brand_name", "") if line.key in saved else "",
        }

    # Look

    @api.model
    def _look(self, client, lines):
        """Find products that were made although nobody has heard of it.

        To change a listing again does no harm.
        """
        results = {}
        for line, now in self._find_calls(lines).items():
            sent = line._get_payload().get("called", now)
            for own in [sent] if sent == now else [sent, now]:
                if found := self._find_there(client, own["name"], own["sku"]):
                    results[line] = {
                        "created": found,
                        "complaint": "",
                        "categories": [],
                        "brand_name": own["brand"],
                    }
                    break
            else:
                # So it is called in the next request.
                line.details = line._encode({"called": now})
        return results

    @api.model
    def _find_there(self, client, name, sku):
        """Return the store's product of that name, with the SKU if it has one.

        A SKU alone may be another product's: then ours was refused.
        """
        if sku:
            variants = client.list_variants(sku)
            pages = client.iterate_products(
                product_ids=[row["product_id"] for row in variants]
            )
            found = [raw for page in pages for raw in page.items]
        else:
            found = client.find_products(name=name)
        name = name.lower()
        return next((raw for raw in found if str(raw["name"]).lower() == name), None)

    # Apply

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        outcomes, raws, notes = self._find_subjects(lines), {}, {}
        for line, listing in outcomes.items():
            self._keep_what_was_taken_off(listing, line._get_payload())
        products = {}
        for line in lines:
            payload = line._get_payload()
            if raw := payload.get("created"):
                # A new product is on no channel.
                raws[line] = {"channels": [], **raw}
                products |= self._match_products(line, raw)
            elif "saved" in payload:
                raws[line] = self._merge(payload)
            else:
                continue
            self.env["bigcommerce.category.creation"]._keep(
                instance, payload.get("categories", [])
            )
            self._keep_brand(instance, raws[line], payload.get("brand_name"))
            notes[line] = payload.get("complaint")
        listings = self._keep_listings(instance, list(raws.values()), products)
        for line, raw in raws.items():
            listing = listings[str(raw["id"])]
            if template_id := get_template_id(line.key):
                listing.export_template_id = template_id
            outcomes[line] = listing
            if notes[line] and template_id:
                listing.is_unfinished = True
                # To be tried again is what the listing still lacks.
                line.write({"key": listing.bc_id, "lane": listing.bc_id})
            elif listing.is_unfinished and not notes[line]:
                listing.is_unfinished = False
            if notes[line]:
                outcomes[line] = Blocked(
                    "partly_saved",
                    self.env._("Saved, but not all of it. %s", notes[line]),
                )
        return outcomes

    @api.model
    def _find_subjects(self, lines):
        """Return the listings that lines are about, also of what is made by now."""
        instance = lines.instance_id
        new = get_template_ids(lines)
        listings = self.env["bigcommerce.listing"]._find(
            instance, (lines - lines.browse().concat(*new)).mapped("key")
        )
        made = self._search_listings(
            instance, self.env["product.template"].browse(new.values())
        )
        by_template = {listing._get_template().id: listing for listing in made}
        subjects = {
            line: by_template[template_id]
            for line, template_id in new.items()
            if template_id in by_template
        }
        return subjects | {
            line: listings[line.key] for line in lines if line.key in listings
        }

    # Afterwards

    @api.model
    def _conclude(self, job):
        """Start what is to be done with the listings of a run, all absolute levels."""
        options = job.options or {}
        done = self.env["bigcommerce.queue.line"].search(
            [
                ("job_id", "=", job.id),
                ("state", "=", "done"),
                ("res_model", "=", "bigcommerce.listing"),
            ]
        )
        listings = self.env["bigcommerce.listing"].browse(done.mapped("res_id"))
        ids = sorted(listings.exists().mapped("bc_id"), key=int)
        if not ids:
            return
        instance = job.instance_id
        if options.get("publish") == "publish" and options.get("channels"):
            instance._start_open(
                "export_channels", listings=ids, channels=options["channels"]
            )
        if options.get("set_price"):
            instance._start_open("export_prices", listings=ids)
        if options.get("set_stock"):
            instance._start_open("export_inventory", listings=ids)
        if instance._get_field_owners()["images"] != "store":
            instance._start_open("export_images", listings=ids)
