"""Memory of the process that imports twenty thousand listings."""

import resource

from .bench_store import BenchStore


def measure(env, address, scale):
    BenchStore(env, address).run("import_listings")
    listings = env["bigcommerce.listing"].search_count([])
    assert listings == scale, listings
    peak_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"listing_import_peak_mb": round(peak_kilobytes / 1024)}
