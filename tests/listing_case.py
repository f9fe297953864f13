"""What the tests of listings stand on."""

from .common import SandboxCase

# Products of the built-in store.
MUG, PAN, SOAP_WITHOUT_SKU, LAMP_WITH_STRAY_SPACE = "101", "102", "119", "120"
SHIRT, HOOD, POT = "130", "131", "134"


class ListingCase(SandboxCase):
    """A confirmed instance that makes no products; nothing is imported yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance(create_odoo_products=False)

    def import_listings(self, **options):
        """Import everything, as the button does, or what ``options`` say."""
        return self.run_operation(
            self.instance, "import_listings", **(options or {"full": True})
        )

    def import_changes(self):
        """Import as the automatic job does."""
        return self.run_operation(self.instance, "import_listings")

    def get_listing(self, bc_id):
        return (
            self.env["bigcommerce.listing"]
            .with_context(active_test=False)
            .search([("instance_id", "=", self.instance.id), ("bc_id", "=", bc_id)])
        )

    def change_variants(self, bc_id, *changes):
        """Replace the variants of a product by changed copies of its first ones."""
        path = f"v3/catalog/products/{bc_id}/variants"
        variants = self.store.control("GET", path)
        self.store.put(
            path,
            [
                variant | change
                for variant, change in zip(variants, changes, strict=False)
            ],
        )

    def count_writes(self):
        """Return how many rows this test has written so far, the queue's aside."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
              FROM pg_stat_xact_user_tables
             WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
               AND relname !~ '^(bigcommerce_(queue|log|automatic_job)|ir_cron)'
            """
        )
        return dict(self.env.cr.fetchall())

    def get_line(self, bc_id):
        return self.get_lines("import_listings", key=bc_id)[:1]

    def make_product(self, sku, **vals):
        return self.env["product.product"].create(
            {"name": f"Odoo's {sku}", "default_code": sku, **vals}
        )
