"""Real clients of other kinds and years, each installed alone in a folder that `LABKIT_CLIENTS` names.

    python3 -m venv python-of-2023 && python-of-2023/bin/pip install boto3==1.26.165 "celery[sqs]"
    python3 -m venv python && python/bin/pip install "celery[sqs]"
    npm install --prefix node-of-2023 aws-sdk@2.1400.0
    npm install --prefix node aws-sdk@2 @aws-sdk/client-sqs@3 @aws-sdk/client-sns@3 sns-validator@0.3

What they send is recorded (`record.py`) and sent again in every run of the tests; where they are found they run
themselves (`test_real_clients.py`).
"""

import os
import shutil
from pathlib import Path

HERE = Path(__file__).parent
# By the name of the recording: the folder of the installation, and what is run in it.
CLIENTS = {
    "boto3-1.26": ("python-of-2023", "boto3_of_2023.py"),
    "celery-of-2023": ("python-of-2023", "celery_on_sqs.py"),
    "celery": ("python", "celery_on_sqs.py"),
    "aws-sdk-2-of-2023": ("node-of-2023", "aws_sdk_2.js"),
    "aws-sdk-2": ("node", "aws_sdk_2.js"),
    "client-sqs-3": ("node", "client_sqs_3.js"),
    "client-sns-3": ("node", "client_sns_3.js"),
}
# What serves an endpoint of its own cannot be recorded: nobody would answer there.
UNRECORDED = ("client-sns-3",)


def command(name):
    """The words that run a client, and the environment in which it finds its packages; None where it isn't found."""
    folder, script = CLIENTS[name]
    place = Path(os.environ.get("LABKIT_CLIENTS", "")) / folder
    program, packages = str(place / "bin" / "python"), place / "node_modules"
    if script.endswith(".js"):
        program = shutil.which("node") if packages.is_dir() else None
    if not os.environ.get("LABKIT_CLIENTS") or shutil.which(program or "") is None:
        return None
    return [program, str(HERE / script)], os.environ | {"NODE_PATH": str(packages)}
