"""The store itself: its settings, currencies, statuses, tax classes and channels.

bigcommerce-api.md §2, §3.10, §10 and §11.
"""

from . import answers, paths, reference_data
from .answers import not_found
from .lookup import get_record
from .paging import v2_page, v3_list, v3_page
from .routing import Routes

routes = Routes()
SCOPE = "store_v2_information"


@routes.get(paths.STORE, SCOPE)
def read_store(call):
    return answers.as_json(call.store.content[paths.STORE])


@routes.get("/v2/time", SCOPE)
def read_time(call):
    return answers.as_json({"time": int(call.store.clock.now().timestamp())})


@routes.get(paths.CURRENCIES, SCOPE)
def list_currencies(call):
    return answers.v2(v2_page(call.query, call.store.get(paths.CURRENCIES)))


@routes.get(f"{paths.CURRENCIES}/<int:number>", SCOPE)
def read_currency(call, number):
    return answers.as_json(get_record(call.store, paths.CURRENCIES, number).body)


@routes.get(paths.TAX_CLASSES, SCOPE)
def list_tax_classes(call):
    return answers.v2(v2_page(call.query, call.store.get(paths.TAX_CLASSES)))


@routes.get(f"{paths.TAX_CLASSES}/<int:number>", SCOPE)
def read_tax_class(call, number):
    return answers.as_json(get_record(call.store, paths.TAX_CLASSES, number).body)


@routes.get(paths.ORDER_STATUSES, "store_v2_orders")
def list_order_statuses(call):
    return answers.v2(call.store.get(paths.ORDER_STATUSES))


@routes.get(f"{paths.ORDER_STATUSES}/<int:number>", "store_v2_orders")
def read_order_status(call, number):
    return answers.as_json(get_record(call.store, paths.ORDER_STATUSES, number).body)


@routes.get(paths.TAX_SETTINGS, SCOPE)
def read_tax_settings(call):
    """As recorded, or as the store enters its prices."""
    with_tax = bool(call.store.content[paths.STORE].get("is_price_entered_with_tax"))
    settings = call.store.content.get(paths.TAX_SETTINGS)
    return answers.v3(settings or reference_data.tax_settings(with_tax))


@routes.get(paths.INVENTORY_SETTINGS, SCOPE)
def read_inventory_settings(call):
    return answers.v3(inventory_settings(call.store))


def inventory_settings(store):
    """When the store moves stock by itself (§9.6): as was put, or as by default."""
    return {
        **reference_data.INVENTORY_SETTINGS,
        **(store.content.get(paths.INVENTORY_SETTINGS) or {}),
    }


@routes.get(paths.CHANNELS, "store_channel_settings")
def list_channels(call):
    """Channels by type, status, platform and date (§10)."""
    return v3_list(call, paths.CHANNELS)


@routes.get("/<any(v2, v3):version>/<path:rest>", None)
def read_content(call, version, rest):
    """What was put at a path that has no endpoint of its own, such as a recording
    of something the connector does not read yet."""
    content = call.store.get(f"/{version}/{rest}")
    if content is None:
        raise not_found()
    if version == "v2":
        page = v2_page(call.query, content) if isinstance(content, list) else content
        return answers.v2(page)
    if isinstance(content, list):
        return v3_page(call.query, content, lambda item: item)
    return answers.v3(content)
