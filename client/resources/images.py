"""Pictures of products and variants (§6.1, §6.5)."""

from ..form import Upload
from .resource import Resource, segment
from .scopes import PRODUCTS_WRITE

#: bytes that a picture of a product, or of a variant, has at most (§6.1)
LARGEST_IMAGE = 8 * 1024 * 1024
LARGEST_VARIANT_IMAGE = 1024 * 1024
#: pictures that a product has at most (§6.1)
IMAGES_PER_PRODUCT = 1000
#: what BigCommerce takes, as far as the web knows it
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp")
VARIANT_IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif")


class Images(Resource):
    """Pictures of products and variants."""

    def create_image(
        self,
        product_id,
        *,
        file_name,
        content,
        sort_order=None,
        is_thumbnail=None,
        description=None,
    ):
        """Add a picture to a product and return it:
        ``POST /v3/catalog/products/{id}/images``, as a form with a file.

        ``image_file`` of what comes back holds the file's name, with more behind it.
        One that becomes the thumbnail takes that from the one that was it.

        :param content: bytes of a BMP, GIF, JPEG, PNG or WEBP, 8 MB at most
        :param sort_order: lower comes first
        :raises NotFound: if there is no such product
        :raises InvalidRequest: if BigCommerce does not accept it, e.g. because it is
            too large, or none of these, or the 1001st
        """
        form = {
            "image_file": Upload(file_name, content),
            "sort_order": sort_order,
            "is_thumbnail": is_thumbnail,
            "description": description,
        }
        return self._write_form("POST", _images(product_id), form, PRODUCTS_WRITE)

    def update_image(self, product_id, image_id, changes):
        """Change a picture and return it:
        ``PUT /v3/catalog/products/{id}/images/{id}``.

        Others may get another ``sort_order`` along with it, and another one stop being
        the thumbnail: read the list again.

        :param dict changes: ``sort_order``, ``is_thumbnail`` (true only),
            ``description``
        :raises NotFound: if there is no such product or picture
        """
        path = _image(product_id, image_id)
        return self._write_data("PUT", path, changes, PRODUCTS_WRITE)

    def delete_image(self, product_id, image_id):
        """Take a picture away: ``DELETE /v3/catalog/products/{id}/images/{id}``.

        :raises NotFound: if there is no such product or picture
        """
        path = _image(product_id, image_id)
        self.transport.exchange("DELETE", path, scope=PRODUCTS_WRITE)

    def create_variant_image(self, product_id, variant_id, *, file_name, content):
        """Give a variant its picture, in place of the one it has, and return its
        address: ``POST /v3/catalog/products/{id}/variants/{id}/image``.

        The address does not tell the file's name.

        :param content: bytes of a GIF, JPEG or PNG, 1 MB at most
        :raises NotFound: if there is no such product or variant
        :raises InvalidRequest: if BigCommerce does not accept it
        """
        product, variant = segment(product_id), segment(variant_id)
        path = f"/v3/catalog/products/{product}/variants/{variant}/image"
        form = {"image_file": Upload(file_name, content)}
        return self._write_form("POST", path, form, PRODUCTS_WRITE).get("image_url")


def _images(product_id):
    return f"/v3/catalog/products/{segment(product_id)}/images"


def _image(product_id, image_id):
    return f"{_images(product_id)}/{segment(image_id)}"
