from . import models
from . import sync
from . import wizards
from .uninstall import uninstall_hook
