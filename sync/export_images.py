import base64
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..client.errors import BigCommerceError, NotFound
from ..client.payloads.product import Product
from ..client.resources.scopes import PRODUCTS_WRITE
from .listing_images import get_version
from .listing_records import get_variants
from .operation import Found, FoundPage
from .picture_plan import There, get_mark, plan_pictures, read_mark
from .problems import Blocked, concerns_one_object, explain, get_cause

# Listings whose pictures are sent before Odoo notes what became of them.
LISTINGS_AT_A_TIME = 10
OWNED_FIELD = "images"


class BigcommerceExportImages(models.AbstractModel):
    """Let the pictures of listings be Odoo's, as far as they are not.

    What was sent is known by its checksum, and what was downloaded by that of the
    download: neither is sent again. Pictures that the store has besides stay; those
    that were sent and that Odoo no longer has are deleted.

    A line first reads what the store has. The names of the files tell there what has
    arrived already, so a line is sent again without harm.
    """

    _name = "bigcommerce.export.images"
    _inherit = "bigcommerce.operation"
    _description = "Export Images"

    _code = "export_images"
    _direction = "export"
    _subject_model = "bigcommerce.listing"
    # After everything else: pictures are large.
    _priority = 80
    _send_size = LISTINGS_AT_A_TIME
    _choices = {"listing_ids": "listings"}
    _scopes = (PRODUCTS_WRITE,)

    @api.model
    def _get_label(self):
        return self.env._("Export Images")

    @api.model
    def _check_may_start(self, instance):
        if self._get_owner(instance) == "store":
            raise UserError(
                self.env._(
                    "The images of %s belong to the store: none are sent. Change their "
                    "owner on the instance first.",
                    instance.name,
                )
            )

    @api.model
    def _get_owner(self, instance):
        """Return who owns the pictures: "odoo", "store", or "created"."""
        return instance._get_field_owners()[OWNED_FIELD]

    @api.model
    def _discover(self, client, instance, options, resume):
        """Find listings whose pictures are not Odoo's, as far as Odoo knows."""
        owner = self._get_owner(instance)
        if owner == "store":
            return
        domain = Domain(
            [
                ("instance_id", "=", instance.id),
                ("is_excluded", "=", False),
                ("item_ids.product_id", "!=", False),
            ]
        )
        is_narrowed = False
        for name in ("ids", "listings"):
            if name in options:
                domain &= Domain("bc_id", "in", options[name])
                is_narrowed = True
        if owner == "created" and "ids" not in options:
            # What was begun goes on.
            domain &= Domain(
                [("had_images", "=", False), ("image_ids", "=", False)]
            ) | (Domain("bc_id", "in", self._find_waiting_keys(instance)))
        keys = set()
        pages = self._iterate_records("bigcommerce.listing", domain, resume)
        for listings, point in pages:
            found = self._find_due(instance, listings)
            keys |= {item.key for item in found}
            yield FoundPage(found, point)
        if not is_narrowed and not resume:
            yield FoundPage(self._find_waiting_in_vain(instance, keys), {})

    @api.model
    def _find_waiting_keys(self, instance):
        """Return the ids of listings of which lines wait for a person."""
        lines = self.env["bigcommerce.queue.line"].search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", self._code),
                ("state", "=", "blocked"),
            ]
        )
        return lines.mapped("key")

    @api.model
    def _keep_found(self, instance, options, items):
        return self._drop_waiting_in_vain(instance, items)

    @api.model
    def _find_due(self, instance, listings):
        """Return what there is to do about listings, as :class:`Found`."""
        pictures = self.env["bigcommerce.product.pictures"]._find_pictures(listings)
        marks = self._find_marks(listings.image_ids)
        found = []
        for listing in listings:
            own = pictures[listing]
            rows = listing.image_ids.filtered(lambda image: not image.item_id)
            there = [
                There(
                    image.bc_id,
                    marks[image],
                    bool(image.sent_checksum),
                    image.is_thumbnail,
                    image.sequence,
                )
                for image in rows
            ]
            plan = plan_pictures(own.marks, own.has_main, there)
            variants = self._plan_variants(listing, own, marks)
            if plan.is_empty and not any(variants):
                continue
            problem = self._find_problem(own, plan, variants[0], there)
            count = len(plan.new) + len(variants[0])
            found.append(
                Found(listing.bc_id, listing.name, {"count": count}, problem=problem)
            )
        return found

    @api.model
    def _find_marks(self, images):
        """Return what pictures of the store are known to show: sets of marks."""
        Pictures = self.env["bigcommerce.product.pictures"]
        downloaded = Pictures._find_attachments(images, "image")
        return {
            image: frozenset(
                {
                    get_mark(image.sent_checksum),
                    # One that has changed in the store meanwhile is another one.
                    get_mark(downloaded[image][:1].checksum)
                    if image in downloaded and image.is_current
                    else "",
                }
                - {""}
            )
            for image in images
        }

    @api.model
    def _plan_variants(self, listing, own, marks, urls=None):
        """Return the ids of variants that get a picture, and that lose ours.

        :param dict marks: see ``_find_marks``
        :param dict urls: variant id -> the picture's address, as the store says now
        """
        rows = {
            image.item_id.bc_id: image for image in listing.image_ids if image.item_id
        }
        if urls is not None:
            rows = {
                bc_id: image
                for bc_id, image in rows.items()
                if image.url == urls.get(bc_id)
            }
        new = [
            bc_id
            for bc_id, picture in own.variants.items()
            if bc_id not in rows or picture.mark not in marks[rows[bc_id]]
        ]
        lost = [
            bc_id
            for bc_id, image in rows.items()
            if image.sent_checksum and bc_id not in own.variants
        ]
        return new, lost

    @api.model
    def _find_problem(self, own, plan, variants, there):
        """Return why the pictures of a listing cannot be sent, None if they can."""
        new = [own.pictures[position] for position in plan.new]
        new += [own.variants[bc_id] for bc_id in variants]
        count = len(there) + len(plan.new) - len(plan.deleted)
        violations = self.env["bigcommerce.product.pictures"]._find_violations(
            own, new, count
        )
        return Blocked("not_sendable", "\n".join(violations)) if violations else None

    # Sending

    @api.model
    def _send(self, client, lines):
        """Send what Odoo shows now, compared with what the store has now."""
        instance = lines.instance_id
        owner = self._get_owner(instance)
        listings = self._find_listings(lines)
        pictures = self.env["bigcommerce.product.pictures"]._find_pictures(
            self.env["bigcommerce.listing"].concat(*listings.values())
        )
        before = self._read_products(client, listings)
        results, changed = {}, []
        for line in lines:
            if line.key not in listings or owner == "store":
                results[line] = {}
                continue
            if line.key not in before:
                missing = NotFound("The store has no such product")
                results[line] = Blocked("not_found", explain(self.env, missing))
                continue
            listing, raw = listings[line.key], before[line.key]
            try:
                outcome = self._send_pictures(
                    client, listing, pictures[listing], raw, owner
                )
            except BigCommerceError as error:
                if error.ambiguous or not concerns_one_object(error):
                    raise
                outcome = Blocked(get_cause(error), explain(self.env, error))
            results[line] = outcome
            if not isinstance(outcome, Blocked) and outcome.pop("is_changed", False):
                changed.append(line.key)
        after = self._read_products(client, changed)
        for line, outcome in results.items():
            if not isinstance(outcome, Blocked) and line.key in before:
                raw = after.get(line.key, before[line.key])
                outcome["product"] = raw
                outcome["current"] = self._find_current(
                    listings[line.key], before[line.key]
                )
                outcome["digest"] = self._get_digest(
                    listings[line.key], before[line.key], raw
                )
        return results

    @api.model
    def _find_listings(self, lines):
        """Return the listings that lines are about, if they may be sent, by id."""
        found = self.env["bigcommerce.listing"]._find(
            lines.instance_id, lines.mapped("key")
        )
        return {
            bc_id: listing
            for bc_id, listing in found.items()
            if listing.active and not listing.is_excluded
        }

    @api.model
    def _read_products(self, client, bc_ids):
        """Return raw products of the store by their ids."""
        pages = client.iterate_products(product_ids=sorted(map(int, bc_ids)))
        return {str(raw["id"]): raw for page in pages for raw in page.items}

    @api.model
    def _send_pictures(self, client, listing, own, raw, owner):
        """Make the pictures of one product Odoo's; return what was done.

        :param own: the :class:`~.product_pictures.ListingPictures`
        :param dict raw: the product as the store has it
        :param owner: of the pictures
        :return: a dict, or a :class:`Blocked`
        :raise BigCommerceError: if the store refuses one of them
        """
        marks = self._find_marks(listing.image_ids)
        rows = {image.bc_id: image for image in listing.image_ids}
        there = self._read_pictures(raw, rows, marks)
        urls = {
            str(variant.get("id")): variant.get("image_url") or ""
            for variant in get_variants(raw)
        }
        if owner == "created" and any(
            not image.marks & {*own.marks} for image in there
        ):
            # It has pictures by now that are not Odoo's.
            return {}
        plan = plan_pictures(own.marks, own.has_main, there)
        new_variants, lost_variants = self._plan_variants(listing, own, marks, urls)
        new_variants = [bc_id for bc_id in new_variants if bc_id in urls]
        if problem := self._find_problem(own, plan, new_variants, there):
            return problem
        sent = {
            bc_id: own.pictures[position].checksum
            for position, bc_id in plan.kept.items()
            if own.pictures[position].mark not in marks.get(rows.get(bc_id), ())
        }
        for position, fields in plan.new.items():
            picture = own.pictures[position]
            image = client.create_image(
                listing.bc_id,
                file_name=picture.file_name,
                content=picture.sendable.raw,
                **fields,
            )
            sent[str(image.get("id"))] = picture.checksum
        for bc_id, change in plan.changes.items():
            client.update_image(listing.bc_id, bc_id, change)
        for bc_id in plan.deleted:
            self._delete_image(client, listing, bc_id)
        sent_variants = self._send_variants(
            client, listing, own, new_variants, lost_variants
        )
        return {
            "sent": sent,
            "sent_variants": sent_variants,
            "lost_variants": lost_variants,
            "is_changed": not plan.is_empty or bool(new_variants or lost_variants),
        }

    @api.model
    def _read_pictures(self, raw, rows, marks):
        """Return the pictures of a product of the store: list of There.

        :param dict rows: what Odoo keeps of them, by their id there
        :param dict marks: of these, see ``_find_marks``
        """
        there = []
        for image in raw.get("images") or []:
            bc_id = str(image["id"])
            row = rows.get(bc_id, self.env["bigcommerce.listing.image"])
            named = read_mark(image.get("image_file"))
            there.append(
                There(
                    bc_id,
                    marks.get(row, frozenset()) | ({named} - {""}),
                    bool(row.sent_checksum),
                    bool(image.get("is_thumbnail")),
                    int(image.get("sort_order") or 0),
                )
            )
        return there

    @api.model
    def _send_variants(self, client, listing, own, new_variants, lost_variants):
        """Give variants their pictures, or take them away.

        :return: checksums of what was sent, by the ids of the variants
        """
        sent_variants = {}
        for bc_id in new_variants:
            picture = own.variants[bc_id]
            client.create_variant_image(
                listing.bc_id,
                bc_id,
                file_name=picture.file_name,
                content=picture.sendable.raw,
            )
            sent_variants[bc_id] = picture.checksum
        if lost_variants:
            client.update_variants(
                [{"id": bc_id, "image_url": ""} for bc_id in lost_variants]
            )
        return sent_variants

    @api.model
    def _delete_image(self, client, listing, bc_id):
        try:
            client.delete_image(listing.bc_id, bc_id)
        except NotFound:
            # Somebody was faster.
            return

    @api.model
    def _find_current(self, listing, raw):
        """Return the ids of pictures that are here as the store has them.

        A change of their order does not make them others, though the store says when
        they were modified.
        """
        versions = {image.id: get_version(image) for image in Product.parse(raw).images}
        return [
            image.bc_id
            for image in listing.image_ids
            if image.is_current and image.version == versions.get(image.bc_id)
        ]

    @api.model
    def _get_digest(self, listing, before, after):
        """Return the digest of a product if nothing but its pictures has changed.

        False if Odoo does not know all the rest: then an import is to see it.
        """
        Records = self.env["bigcommerce.listing.records"]
        references = Records._find_references(listing.instance_id, [before, after])
        urls = {
            variant.get("id"): variant.get("image_url")
            for variant in get_variants(before)
        }
        rest = {
            **after,
            "images": before.get("images"),
            "variants": [
                {**variant, "image_url": urls.get(variant.get("id"))}
                for variant in get_variants(after)
            ],
        }
        known = listing.payload_digest
        if {Records._digest(raw, references) for raw in (before, rest)} != {known}:
            return False
        return Records._digest(after, references)

    @api.model
    def _look(self, client, lines):
        """Nothing is looked up: what is sent again looks itself what has arrived."""
        return {}

    # Applying

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        listings = self.env["bigcommerce.listing"]._find(instance, lines.mapped("key"))
        results = {
            line: line._get_payload()
            for line in lines
            if line.key in listings and "product" in line._get_payload()
        }
        products = {
            line: Product.parse(result["product"]) for line, result in results.items()
        }
        items = self.env["bigcommerce.listing.item"]._find(
            instance,
            [
                variant.id
                for product in products.values()
                for variant in product.variants
            ],
        )
        # What Odoo does not know yet comes with an import.
        products = {
            line: replace(
                product,
                variants=tuple(
                    variant for variant in product.variants if variant.id in items
                ),
            )
            for line, product in products.items()
        }
        images = self.env["bigcommerce.listing.images"]._write_images(
            instance, products.values(), listings, items
        )
        for line, product in products.items():
            if digest := results[line].get("digest"):
                self._write_addresses(listings[line.key], product, items, digest)
        self._keep_sent(listings, results, images)
        return {
            line: listings[line.key] if line.key in listings else instance
            for line in lines
        }

    @api.model
    def _write_addresses(self, listing, product, items, digest):
        """Let listing and items be as if the product had just been imported."""
        Records = self.env["bigcommerce.listing.records"]
        Item = self.env["bigcommerce.listing.item"]
        vals = Records._prepare_own_vals(product)
        listing.write(
            {
                "image_url": vals["image_url"],
                "date_modified": vals["date_modified"],
                "payload_digest": digest,
            }
        )
        Item._upsert(
            listing.instance_id,
            {
                variant.id: {
                    **Records._prepare_item_vals(product, variant),
                    "listing_id": listing.id,
                }
                for variant in product.variants
                if (items[variant.id].image_url or "") != variant.image_url
            },
        )

    @api.model
    def _keep_sent(self, listings, results, images):
        """Note with the pictures what was sent, and show it without a download."""
        Listing = self.env["bigcommerce.listing"]
        own = self.env["bigcommerce.product.pictures"]._find_pictures(
            Listing.concat(*(listings[line.key] for line in results))
        )
        for line, result in results.items():
            pictures = own[listings[line.key]]
            by_checksum = {
                picture.checksum: picture
                for picture in (*pictures.pictures, *pictures.variants.values())
            }
            for bc_id in result.get("current") or []:
                if bc_id in images and not images[bc_id].is_current:
                    images[bc_id].downloaded_version = images[bc_id].version
            sent = dict(result.get("sent") or {})
            for bc_id, checksum in (result.get("sent_variants") or {}).items():
                sent[f"variant-{bc_id}"] = checksum
            for bc_id, checksum in sent.items():
                if bc_id not in images:
                    continue
                vals = {"sent_checksum": checksum}
                if checksum in by_checksum:
                    picture = by_checksum[checksum].attachments[:1].raw
                    vals |= {
                        "image_1920": base64.b64encode(picture),
                        "downloaded_version": images[bc_id].version,
                        "problem": False,
                    }
                images[bc_id].write(vals)
            for bc_id in result.get("lost_variants") or []:
                if image := images.get(f"variant-{bc_id}"):
                    image.sent_checksum = False
