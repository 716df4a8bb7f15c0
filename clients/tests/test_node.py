"""magento2-rest-client from npm, in a process of its own."""

import base64
import os
import subprocess
from pathlib import Path

from test_pymagento import png

HERE = Path(__file__).resolve().parent
MODULES = HERE.parents[1] / "browser/node_modules"


def test_products_and_categories_are_worked_on_with_signatures(shop, keys):
    secrets = {name.replace(" ", "_").upper(): value for name, value in keys.items()}
    done = subprocess.run(
        ["node", HERE / "magento2_rest_client.js", shop, base64.b64encode(png(200)).decode()],
        env=os.environ | secrets | {"NODE_PATH": str(MODULES)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
