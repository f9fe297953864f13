"""The parts of a store's order: each line of a sale order is one of them. Pure."""

PARTS = [
    ("product", "Product"),
    ("gift_certificate_sold", "Gift Certificate Sold"),
    ("shipping", "Shipping"),
    ("handling", "Handling"),
    ("wrapping", "Wrapping"),
    ("fee", "Fee"),
    ("discount", "Discount"),
    ("gift_certificate", "Gift Certificate"),
    ("store_credit", "Store Credit"),
    ("rounding", "Rounding"),
]
# What the customer put into the cart.
GOODS = ("product", "gift_certificate_sold")
# What pays for an order. It is owed to customers until they spend it.
PAYMENTS = ("gift_certificate", "store_credit")
# Money in another form: nothing is sold that could be taxed, whatever its product says.
UNTAXED = (*PAYMENTS, "gift_certificate_sold")
# What a part is sold as, where it is no product of the catalogue: field of the
# instance, internal reference.
PRODUCTS = {
    "shipping": ("delivery_product_id", "BC-DELIVERY"),
    "handling": ("handling_product_id", "BC-HANDLING"),
    "wrapping": ("wrapping_product_id", "BC-WRAPPING"),
    "fee": ("fee_product_id", "BC-FEE"),
    "gift_certificate": ("gift_certificate_product_id", "BC-GIFT-CERTIFICATE"),
    "store_credit": ("store_credit_product_id", "BC-STORE-CREDIT"),
    "refund": ("refund_product_id", "BC-REFUND"),
    "custom": ("custom_product_id", "BC-CUSTOM"),
    "custom_storable": ("custom_storable_product_id", "BC-CUSTOM-STORABLE"),
}
# Kinds of tax rows that are about one thing each, by the part that they are on.
TAX_ROWS = {
    "shipping": "shipping",
    "handling": "handling",
    "gift-wrapping": "wrapping",
}
