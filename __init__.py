from . import models
from . import sync
