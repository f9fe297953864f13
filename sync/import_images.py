import base64

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.image import Image, image_process

from ..client.errors import BigCommerceError
from ..client.images import download
from .operation import Found, FoundPage
from .problems import explain

# Seconds that a picture may take.
TIMEOUT = 20
# What Odoo keeps of a picture, and what shows whether it can be read to its end.
KEPT_SIZE = (1920, 1920)
TRIAL_SIZE = (128, 128)
# What reading a picture may come to; the last is one that is all too large.
UNREADABLE = (
    OSError,
    SyntaxError,
    UserError,
    ValueError,
    Image.DecompressionBombError,
)


class BigcommerceImportImages(models.AbstractModel):
    """Download the pictures of listings that are not here as the store has them.

    They are not the API's: what they answer says nothing about the store, costs
    nothing of its quota, and is noted with the picture.
    """

    _name = "bigcommerce.import.images"
    _inherit = "bigcommerce.operation"
    _description = "Import Images"

    _code = "import_images"
    _subject_model = "bigcommerce.listing.image"
    # After everything else.
    _priority = 60
    # Pictures are large, and a slow one keeps the others waiting.
    _batch_size = 4
    _choices = {"listing_ids": "listings"}

    @api.model
    def _get_label(self):
        return self.env._("Import Images")

    @api.model
    def _check_may_start(self, instance):
        if not instance.sync_listing_images:
            raise UserError(
                self.env._("“Sync Listing Images?” is off on %s.", instance.name)
            )

    @api.model
    def _discover(self, client, instance, options, resume):
        """Find pictures that are not current; several at one address once."""
        if not instance.sync_listing_images:
            # It was turned off after this run was asked for.
            return
        domain = Domain(
            [
                ("instance_id", "=", instance.id),
                ("is_current", "=", False),
                ("listing_id.active", "=", True),
            ]
        )
        if "ids" in options:
            domain &= Domain("bc_id", "in", options["ids"])
        if "listings" in options:
            domain &= Domain("listing_id.bc_id", "in", options["listings"])
        pages = self._iterate_records("bigcommerce.listing.image", domain, resume)
        for images, point in pages:
            yield FoundPage(
                [
                    Found(
                        own[0].bc_id,
                        own[0].name,
                        {
                            "url": own[0].url,
                            "version": version,
                            "images": own.mapped("bc_id"),
                        },
                    )
                    for version, own in images.grouped("version").items()
                ],
                point,
            )

    @api.model
    def _fetch(self, client, lines):
        return {line: self._read_picture(line._get_payload()["url"]) for line in lines}

    @api.model
    def _read_picture(self, url):
        """Return the picture at an address, or why there is none."""
        try:
            picture = download(url, timeout=TIMEOUT)
        except BigCommerceError as error:
            return {"problem": explain(self.env, error)}
        try:
            if not picture or picture.lstrip()[:1] == b"<":
                # Nothing, a page, or a drawing that may hold a program.
                raise ValueError
            image_process(picture, size=TRIAL_SIZE)
            picture = image_process(picture, size=KEPT_SIZE)
        except UNREADABLE as error:
            return {
                "problem": self.env._(
                    "This is no picture that Odoo can show. %s", error
                ).strip()
            }
        return {"picture": base64.b64encode(picture).decode()}

    @api.model
    def _apply(self, lines):
        outcomes = {}
        for line in lines:
            payload = line._get_payload()
            images = self.env["bigcommerce.listing.image"].concat(
                *self.env["bigcommerce.listing.image"]
                ._find(line.instance_id, payload["images"])
                .values()
            )
            # What has changed meanwhile is downloaded again.
            images = images.filtered(
                lambda image, version=payload["version"]: image.version == version
            )
            outcomes[line] = images[:1].listing_id or line.instance_id
            if "picture" not in payload:
                self._note_problem(line.instance_id, images, payload["problem"])
                continue
            first = images.filtered(lambda image: not image.downloaded_version)
            images.write(
                {
                    "image_1920": payload["picture"],
                    "downloaded_version": payload["version"],
                    "problem": False,
                }
            )
            self.env["bigcommerce.listing.images"]._give_to_products(first)
        return outcomes

    @api.model
    def _note_problem(self, instance, images, problem):
        """Keep why a picture is not here, and log it the first time."""
        news = images.filtered(lambda image: image.problem != problem)
        news.problem = problem
        for image in news[:1]:
            instance._log(
                "error",
                self.env._(
                    "The picture of %(listing)s cannot be downloaded. %(problem)s "
                    "%(url)s",
                    listing=image.name,
                    problem=problem,
                    url=image.url,
                ),
                operation=self._code,
            )
