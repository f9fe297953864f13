"""The connector's import of queued listings beside Odoo's own batch create.

Both make the same products, every fifth with variants, and their prices in a pricelist,
in batches of the same size, with the same context and a commit per batch, alternating;
the products are compared. The connector keeps listings, items and pictures besides.
"""

import time

from odoo.fields import Command

from .bench_store import BenchStore
from .odoo_orders import read_vals
from .timing import start_clean, take_medians

ROUNDS = 3
BATCH = 100
TEMPLATE_FIELDS = "name type is_storable list_price company_id".split()
VARIANT_FIELDS = "default_code weight".split()


def measure(env, address, scale):
    store = BenchStore(env, address)
    store.instance.queue_batch_limit = BATCH
    lines = store.queue("import_listings", full=True)
    store.work()
    assert len(lines) == scale, len(lines)
    # One round more, see take_medians.
    size = scale // (ROUNDS + 1)
    seconds = []
    for start in range(0, scale, size):
        due = lines[start : start + size]
        store.release(due)
        start_clean(env)
        ours = store.time_pump()
        listings = env["bigcommerce.listing"].search(
            [("bc_id", "in", due.mapped("key"))], order="id"
        )
        templates = listings.item_ids.product_id.product_tmpl_id.sorted("id")
        assert len(templates) == len(due), (len(templates), len(due))
        rules = store.instance.pricelist_id.item_ids.product_id & (
            templates.product_variant_ids
        )
        assert rules == templates.product_variant_ids, len(rules)
        batches = [
            [read_template(template) for template in templates[first : first + BATCH]]
            for first in range(0, len(templates), BATCH)
        ]
        start_clean(env)
        theirs, copies = run_odoo(store, batches)
        compare(templates, copies)
        seconds.append((ours, theirs))
        env.cr.execute("ANALYZE product_template, product_product")
    ours, theirs = take_medians(seconds)
    return {
        "listing_import_ratio": round(ours / theirs, 2),
        "listing_import_ms": round(1000 * ours / size, 1),
        "odoo_product_create_ms": round(1000 * theirs / size, 1),
    }


def read_template(template):
    """Return the values of a template, and those of each variant with attributes."""
    vals = read_vals(template, TEMPLATE_FIELDS)
    variants = template.product_variant_ids
    if not template.attribute_line_ids:
        return {**vals, **read_vals(variants, VARIANT_FIELDS)}, []
    vals["attribute_line_ids"] = [
        Command.create(
            {
                "attribute_id": line.attribute_id.id,
                "value_ids": [Command.set(line.value_ids.ids)],
            }
        )
        for line in template.attribute_line_ids
    ]
    return vals, [
        (
            read_vals(variant, VARIANT_FIELDS),
            variant.product_template_attribute_value_ids.product_attribute_value_id.ids,
        )
        for variant in variants
    ]


def run_odoo(store, batches):
    """Create everything with Odoo's own calls; return the seconds and the templates."""
    env = store.get_operation_env()
    copies = env["product.template"]
    # One of its own: rules for twice the products would slow the other side down.
    pricelist = env["product.pricelist"].create({"name": "Odoo alone"})
    start = time.perf_counter()
    for batch in batches:
        made = env["product.template"].create([vals for vals, _variants in batch])
        vals_list = []
        for template, (_vals, variants) in zip(made, batch, strict=True):
            values = {
                value.product_attribute_value_id.id: value.id
                for value in template.attribute_line_ids.product_template_value_ids
            }
            vals_list += [
                {
                    **vals,
                    "product_tmpl_id": template.id,
                    "product_template_attribute_value_ids": [
                        Command.set([values[value_id] for value_id in value_ids])
                    ],
                }
                for vals, value_ids in variants
            ]
        env["product.product"].create(vals_list)
        env["product.pricelist.item"].create(
            [
                {
                    "pricelist_id": pricelist.id,
                    "applied_on": "0_product_variant",
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "product_id": product.id,
                    "compute_price": "fixed",
                    "fixed_price": product.list_price,
                }
                for product in made.product_variant_ids
            ]
        )
        env.cr.commit()
        copies += made
    return time.perf_counter() - start, copies


def compare(ours, theirs):
    """Assert that two lists of templates and their variants are alike."""
    names = ["name", "list_price", "type", "is_storable", "weight", "default_code"]
    for mine, other in zip(ours, theirs, strict=True):
        assert read_vals(mine, names) == read_vals(other, names), (mine, other)
        variants = [
            [
                (read_vals(variant, VARIANT_FIELDS), variant.display_name)
                for variant in template.product_variant_ids
            ]
            for template in (mine, other)
        ]
        assert variants[0] == variants[1], variants
