"""The store itself: its settings, currencies, statuses, tax classes and channels.

bigcommerce-api.md §2, §3.10, §10 and §11.
"""

from . import answers, reference_data
from .answers import NOT_FOUND, Refused
from .filters import conditions
from .paging import v2_page, v3_page
from .routing import Routes

routes = Routes()
SCOPE = "store_v2_information"


@routes.get("/v2/store", SCOPE)
def read_store(call):
    return answers.as_json(call.store.content["/v2/store"])


@routes.get("/v2/time", SCOPE)
def read_time(call):
    return answers.as_json({"time": int(call.store.clock.now().timestamp())})


@routes.get("/v2/currencies", SCOPE)
def list_currencies(call):
    return answers.v2(v2_page(call.query, call.store.get("/v2/currencies")))


@routes.get("/v2/currencies/<int:number>", SCOPE)
def read_currency(call, number):
    return _object(call, f"/v2/currencies/{number}")


@routes.get("/v2/tax_classes", SCOPE)
def list_tax_classes(call):
    return answers.v2(v2_page(call.query, call.store.get("/v2/tax_classes")))


@routes.get("/v2/tax_classes/<int:number>", SCOPE)
def read_tax_class(call, number):
    return _object(call, f"/v2/tax_classes/{number}")


@routes.get("/v2/order_statuses", "store_v2_orders")
def list_order_statuses(call):
    return answers.v2(call.store.get("/v2/order_statuses"))


@routes.get("/v2/order_statuses/<int:number>", "store_v2_orders")
def read_order_status(call, number):
    return _object(call, f"/v2/order_statuses/{number}")


def _object(call, path):
    found = call.store.get(path)
    if found is None:
        raise Refused(404, NOT_FOUND)
    return answers.as_json(found)


@routes.get("/v3/tax/settings", SCOPE)
def read_tax_settings(call):
    """As recorded, or as the store enters its prices."""
    with_tax = bool(call.store.content["/v2/store"].get("is_price_entered_with_tax"))
    settings = call.store.content.get("/v3/tax/settings")
    return answers.v3(settings or reference_data.tax_settings(with_tax))


@routes.get("/v3/settings/inventory", SCOPE)
def read_inventory_settings(call):
    return answers.v3(inventory_settings(call.store))


def inventory_settings(store):
    """When the store moves stock by itself (§9.6): as was put, or as by default."""
    return {
        **reference_data.INVENTORY_SETTINGS,
        **(store.content.get("/v3/settings/inventory") or {}),
    }


@routes.get("/v3/channels", "store_channel_settings")
def list_channels(call):
    """Channels by type, status, platform and date (§10)."""
    channels = call.store["/v3/channels"]
    found = channels.find(conditions(call.query, channels.columns))
    return v3_page(call.query, found, lambda key: channels.get(key).body)


@routes.get("/<any(v2, v3):version>/<path:rest>", None)
def read_content(call, version, rest):
    """What was put at a path that has no endpoint of its own, such as a recording
    of something the connector does not read yet."""
    content = call.store.get(f"/{version}/{rest}")
    if content is None:
        raise Refused(404, NOT_FOUND)
    if version == "v2":
        page = v2_page(call.query, content) if isinstance(content, list) else content
        return answers.v2(page)
    if isinstance(content, list):
        return v3_page(call.query, content, lambda item: item)
    return answers.v3(content)
