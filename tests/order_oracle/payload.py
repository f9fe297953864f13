"""An order as the API writes it."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from email.utils import format_datetime

from .amounts import ZERO
from .costs import redeemed

ADDRESS_FIELDS = (
    "first_name",
    "last_name",
    "company",
    "street_1",
    "street_2",
    "city",
    "state",
    "phone",
    "email",
)
FIRST_DAY = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)


def text(amount):
    return f"{amount:.4f}"


def json_number(amount):
    """As in JSON: 5, not 5.0."""
    return int(amount) if amount == int(amount) else float(amount)


def sided(prefix, amounts, write=text):
    ex_tax, inc_tax, tax = amounts
    return {
        f"{prefix}_ex_tax": write(ex_tax),
        f"{prefix}_inc_tax": write(inc_tax),
        f"{prefix}_tax": write(tax),
    }


def summed(amounts):
    """Several (without tax, with tax, tax) in one."""
    return tuple(
        sum(column, ZERO) for column in zip((ZERO,) * 3, *amounts, strict=True)
    )


def address(customer):
    return {
        **{name: customer[name] for name in ADDRESS_FIELDS},
        "zip": str(customer["zip"]),
        "country": "United States",
        "country_iso2": "US",
        "form_fields": [],
    }


def rows_of(cart, charges):
    rows = []
    for charge in charges:
        if charge.type == "fee" and not cart.writes_fee_rows:
            continue
        components = enumerate(charge.tax_class.components)
        for (position, component), amount in zip(components, charge.taxes, strict=True):
            row_id = cart.order_id * 100 + len(rows) + 1
            rows.append(tax_row(cart, row_id, charge, position, component, amount))
    set_rows_off(rows, cart)
    return rows


def tax_row(cart, row_id, charge, position, component, amount):
    automatic = cart.store.automatic_tax
    place = charge.place
    of_line = charge.type in ("item", "handling")
    row = {
        "id": row_id,
        "order_id": cart.order_id,
        "order_address_id": place.id if place and not place.is_pickup else 0,
        "tax_rate_id": 0 if automatic else charge.tax_class.id * 10 + position + 1,
        "sales_tax_id": component.name.lower().replace(" ", "-"),
        "tax_class_id": None if automatic else charge.tax_class.id,
        "name": component.name,
        "class": "Automatic Tax" if automatic else charge.tax_class.name,
        "rate": text(component.rate),
        "priority": component.priority,
        "priority_amount": text(amount),
        "line_amount": text(amount),
        "order_pickup_method_id": place.id if place and place.is_pickup else 0,
        "order_product_id": str(charge.line.id) if of_line else None,
        "line_item_type": charge.type,
    }
    if automatic:
        del row["order_id"], row["order_address_id"]
    return row


def set_rows_off(rows, cart):
    """Let the rows miss the order's tax by a unit or two."""
    off = cart.rows_off * cart.store.unit
    for row in rows:
        amount = Decimal(row["line_amount"])
        if amount and amount + off >= 0:
            row["line_amount"] = row["priority_amount"] = text(amount + off)
            return


def raw_line(cart, line, charge):
    store = cart.store
    product_id, variant_id, sku, name = line.good
    place = line.place
    _ex_tax, inc_tax = store.sides(line.net, charge.tax)
    price = store.in_tax(line.price, line.tax_class)
    total = store.in_tax(line.total, line.tax_class, line.quantity)
    wrapping = store.in_tax(line.wrapping, store.wrapping)
    raw = {
        "id": line.id,
        "order_id": cart.order_id,
        "product_id": product_id,
        "variant_id": variant_id,
        "order_pickup_method_id": place.id if place and place.is_pickup else 0,
        "order_address_id": place.id if place and not place.is_pickup else 0,
        "name": name,
        "name_customer": name,
        "name_merchant": name,
        "sku": sku,
        "upc": "",
        "type": line.type,
        "quantity": line.quantity,
        "quantity_shipped": 0,
        "quantity_refunded": 0,
        "is_refunded": False,
        "refund_amount": text(ZERO),
        "base_price": text(line.price),
        **sided("price", price),
        "base_total": text(line.total),
        **sided("total", total),
        # After discounts, unlike the two amounts before it.
        "total_tax": text(charge.tax),
        "discounted_total_inc_tax": text(inc_tax),
        "wrapping_id": 3 if line.wrapping else 0,
        "wrapping_name": "Gift paper" if line.wrapping else "",
        "wrapping_message": "",
        "base_wrapping_cost": text(line.wrapping),
        **sided("wrapping_cost", wrapping),
        "fixed_shipping_cost": text(ZERO),
        "parent_order_product_id": line.parent.id if line.parent else None,
        "is_bundled_product": bool(line.parent),
        "gift_certificate_id": line.gift_certificate_id,
        "applied_discounts": [
            raw_discount(discount)
            for discount in line.discounts
            if cart.writes_shares or discount.target == "product"
        ],
        "product_options": [],
        "configurable_fields": [],
        "external_id": None,
    }
    if not cart.writes_discounted_totals:
        del raw["discounted_total_inc_tax"]
    return raw


def raw_discount(discount):
    return {
        "id": discount.id,
        "amount": text(discount.amount),
        "name": discount.name,
        "code": discount.code,
        "target": discount.target,
    }


def raw_consignments(cart, raw_lines):
    def items(lines):
        return [raw_lines[line.id] for line in lines]

    nowhere = [line for line in cart.lines if not line.place]
    downloads = [line for line in nowhere if not line.is_gift_certificate]
    email = cart.customer["email"]
    return {
        "pickups": [
            raw_pickup(place, items(cart.lines_of(place)))
            for place in cart.places
            if place.is_pickup
        ],
        "shipping": [
            raw_shipping(cart.store, place, items(cart.lines_of(place)))
            for place in cart.places
            if not place.is_pickup
        ],
        "downloads": [{"recipient_email": email, "line_items": items(downloads)}]
        if downloads
        else [],
        "email": {
            "gift_certificates": [
                {"recipient_email": "friend@example.com", "line_items": items([line])}
                for line in nowhere
                if line.is_gift_certificate
            ]
        },
    }


def raw_pickup(place, line_items):
    return {
        "id": place.id,
        "pickup_method_id": 1,
        "pickup_method_display_name": "Pick up in store",
        "collection_instructions": "Bring your ID.",
        "collection_time_description": "9am - 6pm",
        "location": {
            "id": 1,
            "name": "Main Street shop",
            "code": "MAIN",
            "address_line_1": "12 Main Street",
            "address_line_2": "",
            "city": "Austin",
            "state": "Texas",
            "postal_code": "78701",
            "country_alpha2": "US",
            "email": "shop@example.com",
            "phone": "555-010-0001",
        },
        "line_items": line_items,
    }


def raw_shipping(store, place, line_items):
    return {
        "id": place.id,
        **address(place.address),
        "items_total": sum(line["quantity"] for line in line_items),
        "items_shipped": 0,
        "shipping_method": "Flat Rate" if place.shipping else "Free Shipping",
        "base_cost": json_number(place.shipping),
        **sided("cost", store.in_tax(place.shipping, store.shipping), json_number),
        "cost_tax_class_id": store.shipping.id,
        "base_handling_cost": json_number(place.handling),
        **sided(
            "handling_cost", store.in_tax(place.handling, store.handling), json_number
        ),
        "handling_cost_tax_class_id": store.handling.id,
        "shipping_zone_id": 1,
        "shipping_zone_name": "United States",
        "line_items": line_items,
    }


def raw_fee(cart, fee):
    write = text if cart.writes_fees_as_text else json_number
    return {
        "id": fee.id,
        "type": "custom_fee",
        "display_name_customer": fee.name,
        "display_name_merchant": fee.name,
        "source": "v2",
        "base_cost": write(fee.amount),
        **sided("cost", cart.store.in_tax(fee.amount, fee.tax_class), write),
        "tax_class_id": fee.tax_class.id,
    }


def raw_money(cart, charges, expected):
    store, parts = cart.store, expected.parts
    lines = summed(
        store.in_tax(line.total, line.tax_class, line.quantity) for line in cart.lines
    )
    subtotal = sided("subtotal", lines)
    # Of an order's figures only those on the side of the prices are exact.
    side = "inc" if store.inclusive else "ex"
    subtotal[f"subtotal_{side}_tax"] = text(cart.subtotal)
    subtotal["subtotal_tax"] = text(
        sum((charge.tax for charge in charges if charge.type == "item"), ZERO)
    )
    shipping = summed(
        store.in_tax(place.shipping, store.shipping) for place in cart.places
    )
    handling = summed(
        store.in_tax(place.handling, store.handling) for place in cart.places
    )
    wrapping = summed(
        store.in_tax(amount, store.wrapping) for amount, _place in cart.wrappings
    )
    certificate, credit = redeemed(cart, expected.total)
    return {
        **subtotal,
        "base_shipping_cost": text(parts["shipping"]),
        **sided("shipping_cost", shipping),
        "shipping_cost_tax_class_id": store.shipping.id,
        "base_handling_cost": text(parts["handling"]),
        **sided("handling_cost", handling),
        "handling_cost_tax_class_id": store.handling.id,
        "base_wrapping_cost": text(parts["wrapping"]),
        **sided("wrapping_cost", wrapping),
        "wrapping_cost_tax_class_id": store.wrapping.id,
        "discount_amount": text(discounted(cart, by_coupon=False)),
        "coupon_discount": text(discounted(cart, by_coupon=True)),
        **sided("total", (expected.untaxed, expected.total, expected.tax)),
        "gift_certificate_amount": text(certificate),
        "store_credit_amount": text(credit),
        "refunded_amount": text(ZERO),
        "is_tax_inclusive_pricing": store.inclusive,
        "tax_provider_id": (
            "AvaTaxProvider" if store.automatic_tax else "BasicTaxProvider"
        ),
        "currency_id": 1,
        "currency_code": store.currency,
        "currency_exchange_rate": "1.0000000000",
        "default_currency_id": 1,
        "default_currency_code": store.currency,
        "store_default_currency_code": store.currency,
        "store_default_to_transactional_exchange_rate": "1.0000000000",
    }


def discounted(cart, by_coupon):
    return sum(
        (
            discount.amount
            for discount in cart.discounts
            if bool(discount.code) == by_coupon
        ),
        ZERO,
    )


def payment_method(cart, expected):
    if expected.due:
        return "Credit Card"
    certificate, credit = redeemed(cart, expected.total)
    if credit:
        return "Store Credit"
    return "Gift Certificate" if certificate else ""


def raw_order(cart, charges, expected):
    raw_lines = {
        charge.line.id: raw_line(cart, charge.line, charge)
        for charge in charges
        if charge.type == "item"
    }
    created = format_datetime(FIRST_DAY + timedelta(minutes=cart.order_id % 500_000))
    return {
        "id": cart.order_id,
        "customer_id": 0 if cart.is_guest else cart.customer["customer_id"],
        "date_created": created,
        "date_modified": created,
        "date_shipped": "",
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "custom_status": "Awaiting Fulfillment",
        "is_deleted": False,
        "cart_id": None,
        "channel_id": 1,
        "order_source": "www",
        "external_source": "",
        "external_id": None,
        "external_order_id": "",
        "external_merchant_id": None,
        "ebay_order_id": "0",
        "customer_locale": "en",
        **raw_money(cart, charges, expected),
        "payment_method": payment_method(cart, expected),
        "payment_provider_id": "",
        "payment_status": "captured",
        "items_total": sum(line.quantity for line in cart.lines),
        "items_shipped": 0,
        "order_is_digital": not cart.places,
        "shipping_address_count": sum(not place.is_pickup for place in cart.places),
        "staff_notes": "",
        "customer_message": "",
        "is_email_opt_in": False,
        "ip_address": "192.0.2.10",
        "ip_address_v6": "",
        "geoip_country": "United States",
        "geoip_country_iso2": "US",
        "credit_card_type": None,
        "billing_address": address(cart.customer),
        "fees": [raw_fee(cart, fee) for fee in cart.fees],
        "consignments": raw_consignments(cart, raw_lines),
        **{
            name: {
                "url": f"https://api.bigcommerce.com/stores/oracle/v2{resource}",
                "resource": resource,
            }
            for name, resource in (
                ("products", f"/orders/{cart.order_id}/products"),
                ("shipping_addresses", f"/orders/{cart.order_id}/shippingaddresses"),
                ("coupons", f"/orders/{cart.order_id}/coupons"),
            )
        },
    }
