"""Terraform (or OpenTofu) plans, makes and destroys a queue with its dead-letter queue and policy on `labkit serve`."""

import os
import subprocess

import pytest

from tests.aws.served.conftest import TERRAFORM
from tests.aws.served.process import serving

PLAN = """
terraform {{
  required_providers {{
    aws = {{ source = "hashicorp/aws" }}
  }}
}}
provider "aws" {{
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {{ sqs = "{url}" }}
}}
resource "aws_sqs_queue" "dead_orders" {{ name = "dead-orders" }}
resource "aws_sqs_queue" "orders" {{
  name                       = "orders"
  visibility_timeout_seconds = 60
  redrive_policy = jsonencode({{
    deadLetterTargetArn = aws_sqs_queue.dead_orders.arn
    maxReceiveCount     = 3
  }})
}}
resource "aws_sqs_queue_policy" "orders" {{
  queue_url = aws_sqs_queue.orders.url
  policy = jsonencode({{ Version = "2012-10-17", Statement = [
    {{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = aws_sqs_queue.orders.arn }}] }})
}}
"""


@pytest.mark.live
def test_terraform_makes_finds_unchanged_and_destroys(tmp_path):
    with serving() as served:
        (tmp_path / "main.tf").write_text(PLAN.format(url=served.url))

        def run(*words):
            told = subprocess.run(
                [TERRAFORM, *words, "-no-color"],
                cwd=tmp_path,
                env=os.environ,
                capture_output=True,
                text=True,
                check=False,
            )
            assert told.returncode == 0, told.stdout + told.stderr

        run("init")
        run("apply", "-auto-approve")
        assert sorted(served.queue_names()) == ["dead-orders", "orders"]
        run("plan", "-detailed-exitcode")  # 2 would say that what is there differs from the plan
        run("destroy", "-auto-approve")
        assert served.queue_names() == []
