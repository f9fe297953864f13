"""Takes the pictures of `make screenshots`; runs in the development environment.

Reads a JSON object: `address` of Odoo, `browser` (a program), `folder`, and `pictures`,
each with `name`, `path`, `width` and `tab` (may be empty).
"""

import io
import json
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

_HEIGHTS = {1400: 900, 400: 800}
_MOST_BYTES = 150_000
_FEWEST_COLOURS = 16
_IS_LOADED = """() =>
    document.querySelector(".o_content *, .modal-body") &&
    !document.querySelector(".o_loading_indicator, .o_blockUI, .o_view_sample_data") &&
    [...document.images].every((image) => image.complete)
"""


def main():
    task = json.load(sys.stdin)
    folder = Path(task["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=task["browser"])
        context = browser.new_context(
            base_url=task["address"], reduced_motion="reduce", locale="en-US"
        )
        page = context.new_page()
        page.goto("/web/login")
        page.fill("input[name=login]", "admin")
        page.fill("input[name=password]", "admin")
        page.click("button[type=submit]")
        page.wait_for_selector(".o_web_client")
        for picture in task["pictures"]:
            png = _take(page, **picture)
            (folder / f"{picture['name']}.png").write_bytes(_make_small(png))
            print(picture["name"], flush=True)
        browser.close()


def _take(page, name, path, width, tab):
    page.set_viewport_size({"width": width, "height": _HEIGHTS[width]})
    page.goto(path)
    page.wait_for_function(_IS_LOADED)
    if tab:
        page.click(f".o_notebook_headers a[name={tab}]")
        page.wait_for_function(_IS_LOADED)
    if page.locator(".o_error_dialog").count():
        sys.exit(f"{name} shows an error: {page.inner_text('.o_error_dialog')}")
    return page.screenshot(animations="disabled", caret="hide")


def _make_small(png):
    """The picture with so many colours that the file is small."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    colours = 256
    while colours >= _FEWEST_COLOURS:
        output = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(
            output, "PNG", optimize=True
        )
        if output.tell() <= _MOST_BYTES:
            break
        colours //= 2
    return output.getvalue()


if __name__ == "__main__":
    main()
