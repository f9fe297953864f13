"""Options of products and their values (§6.1, §6.4)."""

from .resource import Resource, segment
from .scopes import PRODUCTS, PRODUCTS_WRITE


class Options(Resource):
    """Options, by which the variants of a product differ."""

    def list_options(self, product_id):
        """Return the options of a product with their values:
        ``GET /v3/catalog/products/{id}/options``.
        """
        return self._list_by_total(_options(product_id), PRODUCTS, limit=250)

    def rename_option(self, product_id, option_id, name):
        """Rename an option: ``PUT /v3/catalog/products/{id}/options/{id}``."""
        return self._write_data(
            "PUT",
            _option(product_id, option_id),
            {"display_name": name},
            PRODUCTS_WRITE,
        )

    def create_option_value(self, product_id, option_id, label, sort_order):
        """Add a value to an option: ``POST …/options/{id}/values``, 250 at most each.

        No variant is made.

        :return: the raw value, with its ``id``
        """
        return self._write_data(
            "POST",
            f"{_option(product_id, option_id)}/values",
            {"label": label, "sort_order": sort_order},
            PRODUCTS_WRITE,
        )

    def rename_option_value(self, product_id, option_id, value_id, label, sort_order):
        """Rename a value of an option: ``PUT …/options/{id}/values/{id}``."""
        return self._write_data(
            "PUT",
            f"{_option(product_id, option_id)}/values/{segment(value_id)}",
            {"label": label, "sort_order": sort_order},
            PRODUCTS_WRITE,
        )


def _options(product_id):
    return f"/v3/catalog/products/{segment(product_id)}/options"


def _option(product_id, option_id):
    return f"{_options(product_id)}/{segment(option_id)}"
