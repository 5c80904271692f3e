"""What is collected only where it is found, for a skipped test is a failed one in CI: Terraform and real clients."""

import os
import shutil
from pathlib import Path

from tests.aws.served.clients.found import CLIENTS, command

TERRAFORM = shutil.which("terraform") or shutil.which("tofu")
MIRRORS = ("~/.terraform.d/plugins", "~/.terraform.d/plugin-cache", "/usr/local/share/terraform/plugins",
           "/usr/share/terraform/plugins", os.environ.get("TF_PLUGIN_CACHE_DIR", ""))  # fmt: skip


def has_its_provider():
    """Whether the AWS provider, half a gigabyte, has been fetched before."""
    folders = [Path(place).expanduser() for place in MIRRORS if place]
    return any(found for folder in folders for found in folder.glob("registry.*/hashicorp/aws"))


collect_ignore = [] if TERRAFORM and has_its_provider() else ["test_terraform.py"]
if not any(map(command, CLIENTS)):
    collect_ignore.append("clients/test_real_clients.py")
