"""The settings and lists of the store that orders and products refer to.

bigcommerce-api.md §2 (store, currencies), §3.10 (statuses), §9.5 (locations), §10
(channels) and §11 (taxes).
"""

from . import paths, statuses

ACCOUNT_UUID = "2f1f4b52-6c9e-4a6d-9f0a-5d0f6c1f7e10"
LAST_CHANGE = "2026-06-01T08:00:00+00:00"

# id (see ``statuses.py``), name, what the system says about it
ORDER_STATUSES = (
    (0, "Incomplete", "The shopper reached the payment page and did not finish."),
    (1, "Pending", "The checkout was started and not completed."),
    (2, "Shipped", "Shipped by the seller, receipt not confirmed."),
    (3, "Partially Shipped", "Some items have been shipped."),
    (4, "Refunded", "The seller refunded the order."),
    (5, "Cancelled", "The seller cancelled the order."),
    (6, "Declined", "The seller declined the order."),
    (7, "Awaiting Payment", "Checked out, payment not confirmed yet."),
    (8, "Awaiting Pickup", "Ready for the customer to pick up."),
    (9, "Awaiting Shipment", "Packed, waiting for the carrier."),
    (10, "Completed", "Paid and delivered, or ready for download."),
    (11, "Awaiting Fulfillment", "Checked out and paid."),
    (12, "Manual Verification Required", "On hold until someone has checked it."),
    (13, "Disputed", "The customer disputes the payment."),
    (14, "Partially Refunded", "The seller refunded a part of the order."),
)
# what this merchant calls some of them
CUSTOM_LABELS = {
    statuses.AWAITING_FULFILLMENT: "Ready to pack",
    statuses.AWAITING_PICKUP: "Waiting in the showroom",
}


TIMEZONE = {
    "name": "America/Chicago",
    "raw_offset": -21600,
    "dst_offset": -18000,
    "dst_correction": True,
    "date_format": {
        "display": "M jS Y",
        "export": "M jS Y",
        "extended_display": "M jS Y @ g:i A",
    },
}
FEATURES = {
    "stencil_enabled": True,
    "sitewidehttps_enabled": True,
    "facebook_catalog_id": "",
    "checkout_type": "optimized",
    "wishlists_enabled": True,
    "graphql_storefront_api_enabled": True,
    "shopper_consent_tracking_enabled": False,
    "multi_storefront_enabled": True,
    "storefront_limits": {"active": 3, "total_including_inactive": 5},
}


def order_statuses(custom_labels):
    """The 15 statuses, relabelled as ``custom_labels`` (id -> label) says."""
    return [
        {
            "id": number,
            "name": name,
            "system_label": name,
            "custom_label": custom_labels.get(number, name),
            "system_description": description,
        }
        for number, name, description in ORDER_STATUSES
    ]


def store_information(store_hash):
    """``GET /v2/store`` of a shop in the United States, prices before tax."""
    return {
        "id": store_hash,
        "account_uuid": ACCOUNT_UUID,
        "domain": "store.example.com",
        "secure_url": "https://store.example.com",
        "control_panel_base_url": "https://control.example.com",
        "status": "live",
        "name": "Harbour & Hill",
        "first_name": "Robin",
        "last_name": "Ashdown",
        "address": "12 Quay Street\nAustin, Texas 78701\nUnited States",
        "country": "United States",
        "country_code": "US",
        "infrastructure_region": "us-central1",
        "phone": "512-555-0100",
        "admin_email": "robin@example.com",
        "order_email": "orders@example.com",
        "favicon_url": "",
        "timezone": TIMEZONE,
        "language": "en",
        "currency": "USD",
        "currency_symbol": "$",
        "decimal_separator": ".",
        "thousands_separator": ",",
        "decimal_places": 2,
        "currency_symbol_location": "left",
        "weight_units": "LBS",
        "dimension_units": "Inches",
        "dimension_decimal_places": 2,
        "dimension_decimal_token": ".",
        "dimension_thousands_token": ",",
        "plan_name": "Pro",
        "plan_level": "Pro",
        "plan_is_trial": False,
        "industry": "Home and garden",
        "logo": [],
        "is_price_entered_with_tax": False,
        "store_id": 1_000_424_242,
        "default_channel_id": 1,
        "default_site_id": 1000,
        "active_comparison_modules": [],
        "features": FEATURES,
    }


def currency(number, code, name, token, *, rate="1.0000000000", places=2, countries=()):
    """A transactional currency; the first is the store's own."""
    return {
        "id": number,
        "is_default": number == 1,
        "last_updated": "Mon, 01 Jun 2026 08:00:00 +0000",
        "country_iso2": countries[0] if countries else "",
        "default_for_country_codes": list(countries),
        "currency_code": code,
        "currency_exchange_rate": rate,
        "auto_update": False,
        "token_location": "left",
        "token": token,
        "decimal_token": ".",
        "thousands_token": ",",
        "decimal_places": places,
        "name": name,
        "enabled": True,
        "is_transactional": True,
        "use_default_name": False,
    }


CURRENCIES = [
    currency(1, "USD", "US Dollar", "$", countries=["USA"]),
    currency(2, "EUR", "Euro", "€", rate="0.9000000000", countries=["DEU", "FRA"]),
    currency(3, "JPY", "Yen", "¥", rate="150.0000000000", places=0, countries=["JPN"]),
]

TAX_CLASSES = [
    {
        "id": str(number),
        "name": name,
        "created_at": "2024-05-07 20:14:17+00:00",
        "updated_at": "2024-05-07 20:14:17+00:00",
    }
    for number, name in enumerate(
        ("Default Tax Class", "Non-Taxable Products", "Shipping", "Gift Wrapping")
    )
]


def tax_settings(with_tax):
    """``GET /v3/tax/settings``; ``with_tax`` as the store enters its prices."""
    strategy = "INCLUSIVE" if with_tax else "EXCLUSIVE"
    return {
        "tax_entered_with_prices": with_tax,
        "price_display_settings": {
            "control_panel_price_display_strategy": strategy,
            "invoice_price_display_strategy": strategy,
        },
        "fallback_strategy": "FIXED",
        "should_subtract_store_tax": False,
        "should_use_geolocation_to_determine_guest_shopper_tax_zone": False,
        "guest_shopper_tax_zone_id": 1,
        "store_tax_zone_id": 1,
        "document_submission_strategy": "ON_PAYMENT_CAPTURE",
        "rounding_strategy": "RATE_ROUNDING",
    }


def _channel(number, name, kind, platform, status="active"):
    return {
        "id": number,
        "external_id": "",
        "is_listable_from_ui": True,
        "is_enabled": True,
        "is_visible": True,
        "status": status,
        "name": name,
        "type": kind,
        "platform": platform,
        "date_created": "2024-05-07T20:14:17Z",
        "date_modified": LAST_CHANGE,
        "icon_url": "",
    }


CHANNELS = [
    _channel(1, "Harbour & Hill", "storefront", "bigcommerce"),
    _channel(2, "Harbour & Hill Trade", "storefront", "bigcommerce"),
    _channel(3, "Marketplace", "marketplace", "amazon", status="connected"),
]


def _location(number, code, label, street, city, state, postcode):
    day = {"open": True, "opening": "08:00", "closing": "18:00"}
    closed = {**day, "open": False}
    week = ("monday", "tuesday", "wednesday", "thursday", "friday")
    return {
        "id": number,
        "code": code,
        "label": label,
        "description": "",
        "managed_by_external_source": False,
        "type_id": "PHYSICAL",
        "enabled": True,
        "operating_hours": {
            **dict.fromkeys(week, day),
            "saturday": closed,
            "sunday": closed,
        },
        "time_zone": "America/Chicago",
        "created_at": "2024-05-07T20:14:17Z",
        "updated_at": "2026-06-01T08:00:00Z",
        "address": {
            "address1": street,
            "address2": "",
            "city": city,
            "state": state,
            "zip": postcode,
            "email": f"{code.lower()}@example.com",
            "phone": "512-555-0101",
            "geo_coordinates": {"latitude": 30.26, "longitude": -97.74},
            "country_code": "US",
        },
        "storefront_visibility": True,
        "special_hours": [],
    }


LOCATIONS = [
    _location(1, "MAIN", "Main warehouse", "40 Depot Road", "Austin", "TX", "78744"),
    _location(2, "EAST", "East warehouse", "7 Dock Lane", "Newark", "NJ", "07105"),
    _location(3, "SHOWROOM", "Showroom", "12 Quay Street", "Austin", "TX", "78701"),
]


#: ``GET /v3/settings/inventory``
INVENTORY_SETTINGS = {
    "product_out_of_stock_behavior": "do_nothing",
    "option_out_of_stock_behavior": "do_nothing",
    "update_stock_behavior": "order_placed",
    "edit_order_stock_adjustment": True,
    "refund_order_stock_adjustment": True,
    "stock_level_display": "dont_show",
    "default_out_of_stock_message": "Currently out of stock",
    "hide_in_product_filtering": False,
    "show_pre_order_stock_levels": False,
    "show_out_of_stock_message": False,
}


def load(store):
    """Put all of this into a store."""
    store.put(paths.STORE, store_information(store.store_hash))
    store.put(paths.ORDER_STATUSES, order_statuses(CUSTOM_LABELS))
    store.put(paths.CURRENCIES, CURRENCIES)
    store.put(paths.TAX_CLASSES, TAX_CLASSES)
    store.put(paths.CHANNELS, CHANNELS)
    store.put(paths.LOCATIONS, LOCATIONS)
    store.put(paths.INVENTORY_SETTINGS, INVENTORY_SETTINGS)
