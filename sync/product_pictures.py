from collections import defaultdict
from dataclasses import dataclass, field

from odoo import api, models

from ..client.resources.images import (
    IMAGE_TYPES,
    IMAGES_PER_PRODUCT,
    LARGEST_IMAGE,
    LARGEST_VARIANT_IMAGE,
    VARIANT_IMAGE_TYPES,
)
from .picture_plan import get_file_name, get_mark

# Odoo's own sizes of a picture that are sent, the largest first.
SIZES = ("1920", "1024", "512")
# The further pictures of a product, where Odoo's shop is installed.
FURTHER = "product_template_image_ids"


@dataclass(frozen=True)
class Picture:
    """A picture of Odoo.

    :ivar name: of what it shows
    :ivar attachments: of its sizes, the largest first
    :ivar largest: bytes that it may have in the store
    :ivar types: media types that the store takes
    """

    name: str
    attachments: models.Model = field(repr=False)
    largest: int
    types: tuple

    @property
    def checksum(self):
        return self.attachments[:1].checksum

    @property
    def mark(self):
        return get_mark(self.checksum)

    @property
    def sendable(self):
        """The attachment of the largest size that the store takes, or none."""
        return self.attachments.filtered(
            lambda one: one.mimetype in self.types and one.file_size <= self.largest
        )[:1]

    @property
    def file_name(self):
        return get_file_name(self.name, self.checksum, self.sendable.mimetype)

    def find_violation(self, env):
        """Return a sentence about what keeps it from being sent, "" if nothing does."""
        if self.sendable:
            return ""
        if self.attachments[:1].mimetype not in self.types:
            return env._(
                "The picture of %(name)s is of a kind that BigCommerce does not take "
                "(%(type)s). Replace it by one of these: %(types)s.",
                name=self.name,
                type=self.attachments[:1].mimetype,
                types=", ".join(one.partition("/")[2].upper() for one in self.types),
            )
        return env._(
            "The picture of %(name)s has more than the %(limit)s MB that BigCommerce "
            "takes, even at a smaller size. Replace it by a smaller one.",
            name=self.name,
            limit=self.largest // 1024**2,
        )


@dataclass
class ListingPictures:
    """What Odoo shows of a listing.

    :ivar has_main: whether the first of ``pictures`` is the main one
    :ivar variants: picture by the id there of the variant that it is for
    """

    has_main: bool = False
    pictures: list = field(default_factory=list)
    variants: dict = field(default_factory=dict)

    @property
    def marks(self):
        return [picture.mark for picture in self.pictures]


class BigcommerceProductPictures(models.AbstractModel):
    """Finds the pictures that Odoo has of the products of listings."""

    _name = "bigcommerce.product.pictures"
    _description = "BigCommerce Product Pictures"

    @api.model
    def _find_pictures(self, listings):
        """Return the :class:`ListingPictures` of listings of one store.

        Of a listing whose items are products of several templates only the pictures of
        its variants are there. No picture is loaded.
        """
        templates = listings.product_tmpl_id
        further = self.env["product.template"]._fields.get(FURTHER)
        images = templates[FURTHER] if further else None
        variants = listings.item_ids.filtered("options").product_id
        main = self._find_attachments(templates, "image")
        others = self._find_attachments(images, "image") if images else {}
        own = self._find_attachments(variants, "image_variant")
        found = {}
        for listing in listings:
            template = listing.product_tmpl_id
            rows = [main.get(template)]
            rows += [others.get(image) for image in template[FURTHER]] if images else []
            unique = {}
            for row in filter(None, rows):
                unique.setdefault(row[:1].checksum, row)
            found[listing] = ListingPictures(
                has_main=bool(rows[0]),
                pictures=[
                    Picture(listing.name, row, LARGEST_IMAGE, IMAGE_TYPES)
                    for row in unique.values()
                ],
                variants={
                    item.bc_id: Picture(
                        item.name,
                        own[item.product_id],
                        LARGEST_VARIANT_IMAGE,
                        VARIANT_IMAGE_TYPES,
                    )
                    for item in listing.item_ids
                    if item.options and item.product_id in own
                },
            )
        return found

    @api.model
    def _find_attachments(self, records, prefix):
        """Return the attachments of pictures by record, the largest size first.

        :param prefix: of the names of the fields
        """
        fields = [f"{prefix}_{size}" for size in SIZES]
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                    ("res_field", "in", fields),
                ],
            )
        )
        rows = defaultdict(dict)
        for one in attachments:
            rows[one.res_id][one.res_field] = one
        return {
            records.browse(res_id): attachments.browse(
                [row[name].id for name in fields if name in row]
            )
            for res_id, row in rows.items()
            if fields[0] in row
        }

    @api.model
    def _find_violations(self, own, new, count):
        """Return a sentence about each thing that keeps pictures from being sent.

        :param own: the :class:`ListingPictures`
        :param list new: the pictures that are to be sent
        :param count: how many the product is to have in the end
        """
        found = [picture.find_violation(self.env) for picture in new]
        if own.pictures and count > IMAGES_PER_PRODUCT:
            found.append(
                self.env._(
                    "%(name)s would have %(count)s pictures, and BigCommerce takes "
                    "%(limit)s. Take some away, here or in the store.",
                    name=own.pictures[0].name,
                    count=count,
                    limit=IMAGES_PER_PRODUCT,
                )
            )
        return [sentence for sentence in found if sentence]
