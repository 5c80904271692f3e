"""pyproject.toml, constraints.txt and environment.yml say the same."""

import re
import shutil
import subprocess
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.setup.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINS = [Requirement(line) for line in (ROOT / "constraints.txt").read_text().splitlines()]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text())
PIP_SECTION = ENVIRONMENT["dependencies"][-1]["pip"]


def direct():
    extras = PROJECT["optional-dependencies"].values()
    return [Requirement(text) for group in (PROJECT["dependencies"], *extras) for text in group]


def test_every_dependency_has_a_pin_that_it_allows():
    pinned = {canonicalize_name(pin.name): pin for pin in PINS}
    for requirement in direct():
        (version,) = pinned[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(version.version), requirement


def test_every_pin_is_exact_and_names_no_address():
    assert all(len(pin.specifier) == 1 and next(iter(pin.specifier)).operator == "==" for pin in PINS)
    assert not re.search(r"://|--", (ROOT / "constraints.txt").read_text())


def test_moto_is_pinned_exactly_in_the_project_itself():
    assert "moto==5.2.5" in PROJECT["dependencies"]


def test_environment_yml_gives_a_python_that_the_project_allows_and_leaves_the_packages_to_it():
    conda = [text for text in ENVIRONMENT["dependencies"] if isinstance(text, str)]
    (python,) = [text.partition("=")[2] for text in conda if text.startswith("python=")]
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(python)
    assert {"pip", "rabbitmq-server"} <= set(conda)
    assert PIP_SECTION[0] == "-c constraints.txt"
    assert all(canonicalize_name(text) not in {canonicalize_name(pin.name) for pin in PINS} for text in conda[1:-1])


def test_environment_yml_installs_this_package_with_extras_that_exist():
    (installed,) = [text.removeprefix("-e ") for text in PIP_SECTION if text.startswith("-e ")]
    extras = re.fullmatch(r"\.\[(.*)\]", installed).group(1).split(",")
    assert set(extras) <= set(PROJECT["optional-dependencies"])


@pytest.mark.live
def test_environment_ymls_pip_section_installs_in_a_fresh_environment(tmp_path):
    uv, python = shutil.which("uv"), str(tmp_path / "fresh")
    words = [word for line in PIP_SECTION for word in line.split()]
    subprocess.run([uv, "venv", "-q", python], check=True)
    command = [uv, "pip", "install", "-q", "--python", python, *words]
    installed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if re.search("dns error|error sending request|Network connectivity", installed.stderr):
        pytest.skip("the package index cannot be reached")
    assert installed.returncode == 0, installed.stderr
    shown = subprocess.run([f"{python}/bin/labkit", "doctor"], capture_output=True, text=True, check=False)
    assert "ok  Packages" in shown.stdout
    assert "ok  ActiveMQ" in shown.stdout
