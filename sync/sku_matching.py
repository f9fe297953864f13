"""Which Odoo product a SKU of the store means. Never a guess."""

from .problems import Blocked

# Causes that say that Odoo has no such product: one may be made, or be named by hand.
UNMATCHED_CAUSES = ("unknown_sku", "missing_sku")
# All that keep an item from being mapped.
MATCHING_CAUSES = (
    *UNMATCHED_CAUSES,
    "ambiguous_sku",
    "archived_product",
    "sku_case_differs",
)


def match_sku(env, sku, matches):
    """Return the id of the product that ``sku`` means.

    :param str sku: the store's SKU
    :param dict matches: what ``product.product._find_by_sku`` found
    :raise Blocked: if there is no such product, or more than one may be meant
    """
    sku = sku.strip()
    if not sku:
        raise Blocked(
            "missing_sku",
            env._(
                "The item has no SKU in BigCommerce. Give it one, or map it by hand."
            ),
        )
    alike = matches.get(sku, [])
    exact = [match for match in alike if match.default_code == sku]
    active = [match for match in exact if match.active]
    if len(active) == 1:
        return active[0].product_id
    if active:
        raise Blocked(
            "ambiguous_sku",
            env._(
                "%(count)s Odoo products have the SKU “%(sku)s”. Make their internal "
                "references different, or map the item by hand.",
                count=len(active),
                sku=sku,
            ),
        )
    if exact:
        raise Blocked(
            "archived_product",
            env._("The product with the SKU “%s” is archived. Unarchive it.", sku),
        )
    if alike:
        raise Blocked(
            "sku_case_differs",
            env._(
                "The SKU “%(sku)s” is written “%(reference)s” in Odoo. "
                "Write both alike.",
                sku=sku,
                reference=alike[0].default_code,
            ),
        )
    raise Blocked(
        "unknown_sku",
        env._(
            "No Odoo product has the SKU “%s” as its internal reference. Give it to "
            "the right product, or turn on “Create Odoo Products?”.",
            sku,
        ),
    )
