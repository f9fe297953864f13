"""The catalogue of the built-in store: 40 products, their categories and brands."""

from itertools import count

from . import paths
from .merchandise import Merchandise, Option

TREES = [{"id": 1, "name": "Catalogue", "channels": [1, 2]}]
KITCHEN, GARDEN, APPAREL, SHIRTS, GIFTS, DOWNLOADS = range(23, 29)
HEARTH, FERN, LOOM = range(11, 14)

# id -> name, parent
CATEGORY_NAMES = {
    KITCHEN: ("Kitchen", 0),
    GARDEN: ("Garden", 0),
    APPAREL: ("Apparel", 0),
    SHIRTS: ("Shirts", APPAREL),
    GIFTS: ("Gifts", 0),
    DOWNLOADS: ("Downloads", 0),
}
BRAND_NAMES = {HEARTH: "Hearth & Co", FERN: "Fernwood", LOOM: "Loom Street"}


def categories():
    """``GET /v3/catalog/trees/categories``"""
    return [
        {
            "category_id": number,
            "category_uuid": f"00000000-0000-4000-8000-{number:012d}",
            "tree_id": 1,
            "parent_id": parent,
            "name": name,
            "description": "",
            "views": 0,
            "sort_order": 0,
            "page_title": "",
            "meta_keywords": [],
            "meta_description": "",
            "layout_file": "category.html",
            "image_url": "",
            "is_visible": True,
            "search_keywords": "",
            "default_product_sort": "use_store_settings",
            "url": {"path": f"/{name.lower()}/", "is_customized": False},
        }
        for number, (name, parent) in CATEGORY_NAMES.items()
    ]


def brands():
    """``GET /v3/catalog/brands``"""
    return [
        {
            "id": number,
            "name": name,
            "page_title": "",
            "meta_keywords": [],
            "meta_description": "",
            "search_keywords": "",
            "image_url": "",
            "custom_url": {"url": f"/brands/{number}/", "is_customized": False},
        }
        for number, name in BRAND_NAMES.items()
    ]


SIZES = Option("Size", {"Small": "S", "Medium": "M", "Large": "L"})
COLOURS = Option("Colour", {"Moss": "MOS", "Clay": "CLA"})
ZIP = Option("Zip", {"With zip": "ZIP", "Without": "PLN"})
POT_SIZES = Option("Diameter", {"6 in": "6", "9 in": "9", "12 in": "12"})
SCENTS = Option("Scent", {"Cedar": "CED", "Fig": "FIG"})

_ids = count(101)


def _goods(name, sku, price, *details, **more):
    """:param details: weight, categories, brand, stock — in this order"""
    fields = dict(
        zip(("weight", "categories", "brand_id", "stock"), details, strict=False)
    )
    return Merchandise(next(_ids), name, sku, price, **fields, **more)


MERCHANDISE = (
    # kitchen: simple products
    _goods("Enamel mug", "MUG-ENAMEL", 12.5, 0.8, (KITCHEN,), HEARTH, (120, 40, 6),
           images=2, cost_price=5.25, upc="012345678905"),
    _goods("Cast iron pan", "SKILLET-10", 49.0, 5.2, (KITCHEN,), HEARTH, (30, 12, 2),
           images=3, cost_price=22.0),
    _goods("Carving board", "BOARD-OAK", 38.75, 3.1, (KITCHEN,), HEARTH, (25, 0, 1),
           images=1, modifiers=("Engraving",)),
    _goods("Linen tea towel", "TOWEL-LINEN", 9.99, 0.2, (KITCHEN, GIFTS), LOOM,
           (200, 80, 10), images=1),
    _goods("Stoneware bowl", "BOWL-STONE", 18.4, 1.6, (KITCHEN,), HEARTH, (60, 20, 4)),
    _goods("Pepper mill", "MILL-PEPPER", 27.3, 1.1, (KITCHEN,), HEARTH, (15, 5, 1),
           images=1),
    _goods("Tea strainer", "STRAINER-TEA", 6.45, 0.1, (KITCHEN,), 0, (90, 0, 0)),
    _goods("Copper kettle", "KETTLE-COPPER", 129.0, 4.0, (KITCHEN, GIFTS), HEARTH,
           (8, 2, 1), images=4, sale_price=99.0),
    _goods("Bread knife", "KNIFE-BREAD", 34.6, 0.7, (KITCHEN,), HEARTH, (22, 6, 2)),
    _goods("Recipe box", "BOX-RECIPE", 22.0, 1.3, (KITCHEN, GIFTS), 0, (18, 4, 1)),
    # garden
    _goods("Hand trowel", "TROWEL", 14.2, 0.9, (GARDEN,), FERN, (70, 25, 5), images=1),
    _goods("Pruning shears", "SHEARS", 31.8, 1.0, (GARDEN,), FERN, (44, 15, 3),
           images=2),
    _goods("Watering can", "CAN-WATER", 26.5, 2.4, (GARDEN,), FERN, (35, 10, 2)),
    _goods("Brass plant label", "LABEL-BRASS", 0.125, 0.02, (GARDEN,), FERN,
           (5000, 1500, 100)),
    _goods("Garden twine", "TWINE", 4.75, 0.5, (GARDEN,), FERN, (150, 60, 8)),
    _goods("Seed tray", "TRAY-SEED", 7.6, 1.2, (GARDEN,), FERN, (80, 30, 0)),
    _goods("Bird feeder", "FEEDER-BIRD", 42.0, 3.3, (GARDEN, GIFTS), FERN, (12, 4, 1),
           images=1),
    _goods("Kneeling mat", "MAT-KNEEL", 16.9, 1.4, (GARDEN,), 0, (28, 8, 2)),
    # one without a SKU, and one whose SKU was typed with a stray space
    _goods("Gardener's hand soap", "", 8.25, 0.4, (GARDEN, GIFTS), FERN, (50, 0, 3)),
    _goods("Desk lamp", "LAMP-DESK ", 58.0, 4.4, (GIFTS,), 0, (14, 5, 1), images=1),
    # gifts
    _goods("Beeswax candle", "CANDLE-BEES", 11.0, 0.6, (GIFTS,), 0, (75, 25, 5)),
    _goods("Wool throw", "THROW-WOOL", 89.5, 3.6, (GIFTS,), LOOM, (20, 8, 2), images=2),
    _goods("Picnic basket", "BASKET-PICNIC", 74.0, 5.0, (GIFTS,), 0, (9, 3, 1)),
    _goods("Brass bell", "BELL-BRASS", 19.95, 1.1, (GIFTS,), 0, (33, 0, 1)),
    _goods("Gift hamper", "HAMPER", 120.0, 8.0, (GIFTS,), 0, (10, 2, 1)),
    _goods("Notebook", "NOTEBOOK", 6.8, 0.5, (GIFTS,), LOOM, (140, 45, 6)),
    # digital
    _goods("Knitting pattern", "PATTERN-KNIT", 7.5, 0, (DOWNLOADS,), LOOM,
           type="digital"),
    _goods("Garden planner", "PLANNER-PDF", 15.0, 0, (DOWNLOADS,), FERN,
           type="digital"),
    _goods("Sourdough course", "COURSE-BREAD", 39.0, 0, (DOWNLOADS,), HEARTH,
           type="digital", images=1),
    # with variants; one of them with three options
    _goods("Work shirt", "SHIRT", 45.0, 0.9, (SHIRTS,), LOOM, (30, 12, 3), images=2,
           options=(SIZES, COLOURS), cost_price=18.0, pictured=("Clay",)),
    _goods("Hooded jacket", "HOOD", 79.0, 1.8, (APPAREL,), LOOM, (10, 4, 1), images=2,
           options=(SIZES, COLOURS, ZIP), variant_prices={"With zip": 84.0}),
    _goods("Garden gloves", "GLOVES", 17.5, 0.3, (GARDEN, APPAREL), FERN, (40, 15, 4),
           options=(SIZES,)),
    _goods("Canvas apron", "APRON", 36.0, 1.1, (APPAREL, KITCHEN), LOOM, (24, 9, 2),
           options=(COLOURS,), images=1, modifiers=("Embroidery",)),
    _goods("Terracotta pot", "POT", 12.0, 2.5, (GARDEN,), FERN, (60, 20, 6),
           options=(POT_SIZES,), variant_prices={"9 in": 18.0, "12 in": 27.5}),
    _goods("Scented soap", "SOAP", 5.6, 0.3, (GIFTS,), 0, (110, 40, 8),
           options=(SCENTS,)),
    _goods("Wool socks", "SOCKS", 13.2, 0.2, (APPAREL,), LOOM, (65, 25, 5),
           options=(SIZES,), images=1),
    _goods("Rain hat", "HAT", 29.0, 0.4, (APPAREL,), LOOM, (20, 7, 2),
           options=(SIZES, COLOURS)),
    # not for sale at the moment; out of stock; not tracked, and a space in the SKU
    _goods("Winter wreath", "WREATH", 48.0, 3.0, (GIFTS,), 0, (0, 0, 0),
           is_visible=False, availability="disabled"),
    _goods("Letterpress card", "CARD-PRESS", 4.2, 0.1, (GIFTS,), LOOM, (0, 0, 0)),
    _goods("Gift wrapping paper", " PAPER-WRAP", 3.9, 0.2, (GIFTS,), 0,
           custom_fields={"Made of": "Recycled paper", "Length": "10 ft"}),
)  # fmt: skip


def load_shelves(store):
    """Put the category tree, the categories and the brands into a store."""
    store.put(paths.TREES, TREES)
    store.put(paths.CATEGORIES, categories())
    store.put(paths.BRANDS, brands())


def load(store):
    """Put the whole catalogue and its stock into a store."""
    load_shelves(store)
    locations = store.get(paths.LOCATIONS)
    for goods in MERCHANDISE:
        record = goods.record()
        store[paths.PRODUCTS].put_record(record)
        for variant in record.part("variants"):
            store[paths.ITEMS].put(goods.stock_item(variant, locations))
