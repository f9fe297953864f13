from odoo import fields, models

PROVIDERS = [
    ("auspost", "Australia Post"),
    ("canadapost", "Canada Post"),
    ("endicia", "Endicia"),
    ("fedex", "FedEx"),
    ("royalmail", "Royal Mail"),
    ("shipperhq", "ShipperHQ"),
    ("ups", "UPS"),
    ("upsonline", "UPS Online"),
    ("upsready", "UPS Ready"),
    ("usps", "USPS"),
]


class DeliveryCarrier(models.Model):
    """What a delivery method is called in the stores' shipments."""

    _inherit = "delivery.carrier"

    bigcommerce_shipping_provider = fields.Selection(
        PROVIDERS,
        "Shipping Provider",
        help="Who carries it, for BigCommerce to make the tracking link. Empty: "
        "another one.",
    )
    bigcommerce_tracking_carrier = fields.Char(
        "Courier Code",
        help="The courier as AfterShip calls it, such as “dhl” or “royal-mail”, "
        "where BigCommerce has no shipping provider for it. If both are empty, "
        "Odoo's own tracking link is sent.",
    )
