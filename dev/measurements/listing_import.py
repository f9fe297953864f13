"""The connector's import of queued listings beside Odoo's own batch create.

Both make the same products with their variants, in batches of the same size, with the
same context and a commit per batch, alternating; the products are compared. The
connector makes listings and items besides. What a second import writes is counted.
"""

import statistics
import time

from odoo.fields import Command

from .bench_store import BenchStore
from .order_import import run_connector, start_clean
from .requests import rows_changed

ROUNDS = 3
BATCH = 100
TEMPLATE_FIELDS = "name type is_storable list_price company_id".split()
VARIANT_FIELDS = "default_code weight".split()


def measure(env, address, scale):
    store = BenchStore(env, address)
    store.instance.queue_batch_limit = BATCH
    lines = store.queue("import_listings")
    store.work()
    assert len(lines) == scale, len(lines)
    # One round more warms up what a running server holds warm.
    size = scale // (ROUNDS + 1)
    seconds = []
    for start in range(0, scale, size):
        due = lines[start : start + size]
        store.release(due)
        start_clean(env)
        ours = run_connector(env)
        listings = env["bigcommerce.listing"].search(
            [("bc_id", "in", due.mapped("key"))], order="id"
        )
        templates = listings.item_ids.product_id.product_tmpl_id
        assert len(templates) == len(due), (len(templates), len(due))
        batches = [
            [read_vals(template) for template in templates[first : first + BATCH]]
            for first in range(0, len(templates), BATCH)
        ]
        start_clean(env)
        theirs, copies = run_odoo(store, batches)
        compare(templates, copies)
        # They would be taken for other products of the same SKU.
        copies.product_variant_ids.default_code = False
        seconds.append((ours, theirs))
        env.cr.execute("ANALYZE product_template, product_product")
        env.cr.commit()
    ours, theirs = (
        statistics.median(column) for column in zip(*seconds[1:], strict=True)
    )
    return {
        "listing_import_ratio": round(ours / theirs, 2),
        "listing_import_ms": round(1000 * ours / size, 1),
        "odoo_product_create_ms": round(1000 * theirs / size, 1),
        "second_listing_import_writes": count_second_writes(store),
    }


def read_vals(template):
    """Return a product as ready values: of the template, and of its variants."""
    vals = {
        **template._convert_to_write({name: template[name] for name in TEMPLATE_FIELDS})
    }
    variants = [
        (
            variant._convert_to_write({name: variant[name] for name in VARIANT_FIELDS}),
            variant.product_template_attribute_value_ids.product_attribute_value_id.ids,
        )
        for variant in template.product_variant_ids.sorted("id")
    ]
    if not template.attribute_line_ids:
        return {**vals, **variants[0][0]}, []
    vals["attribute_line_ids"] = [
        Command.create(
            {
                "attribute_id": line.attribute_id.id,
                "value_ids": [Command.set(line.value_ids.ids)],
            }
        )
        for line in template.attribute_line_ids
    ]
    return vals, variants


def run_odoo(store, batches):
    """Create the products with Odoo's own calls; returns the seconds and them."""
    env = store.get_operation_env()
    copies = env["product.template"]
    start = time.perf_counter()
    for batch in batches:
        copies += create_batch(env, batch)
        env.cr.commit()
    return time.perf_counter() - start, copies


def create_batch(env, batch):
    templates = env["product.template"].create([vals for vals, _variants in batch])
    vals_list = []
    for template, (_vals, variants) in zip(templates, batch, strict=True):
        if not variants:
            continue
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
    return templates


def compare(ours, theirs):
    """Assert that two lists of products and their variants are alike."""
    for mine, other in zip(ours, theirs, strict=True):
        for name in TEMPLATE_FIELDS:
            assert mine[name] == other[name], (mine, name, mine[name], other[name])
        for one, copy in zip(
            mine.product_variant_ids.sorted("id"),
            other.product_variant_ids.sorted("id"),
            strict=True,
        ):
            for name in VARIANT_FIELDS:
                assert one[name] == copy[name], (one, name, one[name], copy[name])
            values = "product_template_attribute_value_ids.product_attribute_value_id"
            assert one.mapped(values) == copy.mapped(values), (one, copy)


def count_second_writes(store):
    """Return the rows that another import of the unchanged store changes."""
    before = rows_changed(store.env)
    store.run("import_listings", full=True)
    after = rows_changed(store.env)
    return sum(after[table] - before.get(table, 0) for table in after)
