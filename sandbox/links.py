"""Links to sub-resources inside the answers (bigcommerce-api.md §3.3)."""


def link(store_hash, resource):
    """``{url, resource}`` of a v2 resource, such as ``/orders/118/products``."""
    url = f"https://api.bigcommerce.com/stores/{store_hash}/v2{resource}"
    return {"url": url, "resource": resource}
