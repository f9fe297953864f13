"""Requests that bring Odoo's products into a store, over the fewest possible.

Every fifth product has three variants; they lie in 20 categories, have 10 brands, and
are published on a channel. Then each gets another name and weight in Odoo.

The fewest to make them: one request per product, as BigCommerce takes one at a time;
per category one to look for it and one to make it; one per 250 channel assignments. The
fewest to change them: one to read 100 products, one to change 10 products, and one to
change 50 variants.
"""

from math import ceil

from odoo.fields import Command

from .bench_store import BenchStore
from .timing import get_seconds

CATEGORIES, BRANDS, SIZES = 20, 10, ("S", "M", "L")
BETWEEN_VARIANTS = 5


def measure(env, address, scale):
    store = BenchStore(env, address)
    templates = make_products(env, scale)
    env.cr.commit()
    channel = env["bigcommerce.channel"].search([], limit=1)
    job = store.run(
        "export_products",
        templates=templates.ids,
        publish="publish",
        channels=[channel.bc_id],
    )
    assert job.done_count == scale, (job.done_count, job.blocked_count)
    listings = env["bigcommerce.listing"].search([])
    assert len(listings) == scale, len(listings)
    assert listings.channel_ids == channel, listings.channel_ids
    others = env["bigcommerce.queue.job"].search(
        [("operation", "in", ("export_channels", "export_images"))]
    )
    sent = job.request_count + sum(others.mapped("request_count"))
    fewest = scale + 2 * CATEGORIES + ceil(scale / 250)
    figures = {
        "product_export_calls_over_minimum": round(sent / fewest, 4),
        "product_export_seconds": get_seconds(job),
    }
    store.instance.field_owner_ids.owner = "odoo"
    for template in templates:
        template.name = f"{template.name}, new"
    variants = templates.product_variant_ids
    for product in variants:
        product.weight += 1
    job = store.run("export_products")
    assert job.done_count == scale, (job.done_count, job.blocked_count)
    with_options = variants.filtered("product_template_attribute_value_ids")
    fewest = ceil(scale / 100) + ceil(scale / 10) + ceil(len(with_options) / 50)
    return {
        **figures,
        "product_update_calls_over_minimum": round(job.request_count / fewest, 4),
        "product_update_seconds": get_seconds(job),
    }


def make_products(env, count):
    """Make products as a shopkeeper has them in Odoo."""
    categories = env["product.category"].create(
        [{"name": f"Category {number}"} for number in range(CATEGORIES)]
    )
    size = env["product.attribute"].create(
        {"name": "Size", "value_ids": [Command.create({"name": one}) for one in SIZES]}
    )
    line = {"attribute_id": size.id, "value_ids": [Command.set(size.value_ids.ids)]}
    templates = env["product.template"].create(
        [
            {
                "name": f"Thing {number:05d}",
                "list_price": 5 + number % 50,
                "categ_id": categories[number % CATEGORIES].id,
                "bigcommerce_brand": f"Brand {number % BRANDS}",
                "taxes_id": False,
                "attribute_line_ids": []
                if number % BETWEEN_VARIANTS
                else [Command.create(line)],
            }
            for number in range(count)
        ]
    )
    for number, product in enumerate(templates.product_variant_ids):
        product.write({"default_code": f"THING-{number:05d}", "weight": 0.5})
    return templates
