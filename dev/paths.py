"""Where everything is. All that the commands install lies below one ignored folder."""

from pathlib import Path

ADDON = "bigcommerce_connector"
ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / "dev"

HOME = ROOT / ".odoo"
DOWNLOADS = HOME / "downloads"
ODOO = HOME / "odoo-19"
VENV = HOME / "venv"
PYTHON = VENV / "bin" / "python"
ADDONS = HOME / "addons"
ADDON_FOLDER = ADDONS / ADDON
DATA = HOME / "data"
FILESTORE = DATA / "filestore"
TEMPORARY = HOME / "temporary"
LOG = HOME / "log"
LOCKS = HOME / "locks"
CONFIGURATION = HOME / "odoo.conf"

OPENAPI = ROOT.parent / "shared" / "bigcommerce-openapi"
