"""What BigCommerce does not take of a product, before it is asked: §6.1, §6.3."""

LONGEST_NAME = 250
LONGEST_SKU = 255
LONGEST_TEXT = 255
LONGEST_CATEGORY = 50
DEEPEST_CATEGORY = 8
MOST_VARIANTS = 600
MOST_VALUES = 250
MOST_CATEGORIES = 1000
LARGEST_NUMBER = 9_999_999_999


def find_violations(env, sheet, kept=(), made=None):
    """Return a sentence for each limit that a product exceeds.

    :param sheet: :class:`~.product_sheet.ProductSheet`
    :param kept: fields, as of ``field_owners``, that are not sent
    :param made: ids of the variants that the store does not have yet; None: it does not
        have the product
    :rtype: list[str]
    """
    found = []
    is_new = made is None
    if is_new:
        made = {variant.product_id for variant in sheet.variants}
    if is_new and sheet.type == "combo":
        found.append(env._("The product is a combo; BigCommerce has none."))
    if "name" not in kept and not sheet.name:
        found.append(env._("The product has no name."))
    if "name" not in kept and len(sheet.name) > LONGEST_NAME:
        found.append(
            env._(
                "The name has %(length)s characters; BigCommerce takes %(limit)s.",
                length=len(sheet.name),
                limit=LONGEST_NAME,
            )
        )
    if not sheet.variants:
        found.append(env._("The product has no variant. Make one, or unarchive it."))
    if len(sheet.variants) > MOST_VARIANTS:
        found.append(
            env._(
                "The product has %(count)s variants; BigCommerce takes %(limit)s.",
                count=len(sheet.variants),
                limit=MOST_VARIANTS,
            )
        )
    if "categories" not in kept and len(sheet.category_ids) > MOST_CATEGORIES:
        found.append(
            env._("The product is in more than %s categories.", MOST_CATEGORIES)
        )
    if "brand" not in kept and len(sheet.brand) > LONGEST_TEXT:
        found.append(env._("The brand is longer than %s characters.", LONGEST_TEXT))
    return [
        *found,
        *(_find_option_violations(env, sheet) if made or "options" not in kept else ()),
        *_find_each(env, sheet, kept, made),
    ]


def _find_option_violations(env, sheet):
    """Return what is wrong with the options of a product with variants."""
    labels, same = {}, {}
    for variant in sheet.variants:
        names = [name for name, _label in variant.options]
        same |= {name: None for name in names if names.count(name) > 1}
        for name, label in variant.options:
            if name in sheet.varying:
                labels.setdefault(name, {})[label] = None
    for name in same:
        yield env._("Two attributes are called “%s”. Rename one.", name)
    for name, own in labels.items():
        if len(own) > MOST_VALUES:
            yield env._(
                "“%(attribute)s” has %(count)s values; BigCommerce takes %(limit)s.",
                attribute=name,
                count=len(own),
                limit=MOST_VALUES,
            )
        for text in (name, *own):
            if len(text) > LONGEST_TEXT:
                yield env._(
                    "“%(text)s…” is longer than %(limit)s characters.",
                    text=text[:40],
                    limit=LONGEST_TEXT,
                )
    seen = set()
    for variant in sheet.variants:
        chosen = frozenset(pair for pair in variant.options if pair[0] in sheet.varying)
        if len(sheet.variants) > 1 and chosen in seen:
            yield env._("Two variants have the same options.")
            return
        seen.add(chosen)


def _find_each(env, sheet, kept, made):
    """Return what is wrong with single variants.

    :param made: ids of those that the store does not have yet
    """
    skus = set()
    has_variants = len(sheet.variants) > 1
    for variant in sheet.variants:
        name = variant.sku or ", ".join(label for _name, label in variant.options)
        is_sku_sent = "sku" not in kept or variant.product_id in made
        if has_variants and not variant.sku and variant.product_id in made:
            yield env._(
                "The variant “%s” has no internal reference. Give it one.", name
            )
        if is_sku_sent and len(variant.sku) > LONGEST_SKU:
            yield env._(
                "The SKU “%(sku)s…” is longer than %(limit)s characters.",
                sku=variant.sku[:40],
                limit=LONGEST_SKU,
            )
        if is_sku_sent and variant.sku and variant.sku.lower() in skus:
            yield env._("Two variants have the SKU “%s”.", variant.sku)
        skus.add(variant.sku.lower())
        if "mpn" not in kept and len(variant.mpn) > LONGEST_TEXT:
            yield env._("The MPN of “%s” is too long.", name)
        numbers = {
            "weight": [variant.weight],
            "dimensions": variant.lengths.values(),
            "cost_price": [variant.cost_price or 0],
        }
        if any(
            not 0 <= number <= LARGEST_NUMBER
            for field, own in numbers.items()
            if field not in kept
            for number in own
        ):
            yield env._(
                "Weight, dimensions or cost of “%s” are negative or too large.", name
            )
