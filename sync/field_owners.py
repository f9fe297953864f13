"""Fields of a listing that Odoo knows, and who owns each unless somebody says so."""

DEFAULT_OWNERS = {
    "name": "created",
    "description": "created",
    "sku": "odoo",
    "cost_price": "odoo",
    "weight": "odoo",
    "dimensions": "odoo",
    "categories": "created",
    "brand": "created",
    "barcode": "odoo",
    "mpn": "odoo",
    "tax_class": "created",
    "images": "created",
    "options": "odoo",
}
# What BigCommerce takes no product without.
NEEDED = ("name", "sku", "weight", "options")
