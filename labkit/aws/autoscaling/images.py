"""moto's EC2 builds 1,300 machine images for every new lab, half a second each time; here it builds those asked for."""

from __future__ import annotations

from functools import cache
from typing import Any

from moto.core.parse import default_timestamp_parser
from moto.ec2.models.amis import AMIS, Ami, AmiBackend
from moto.utilities.utils import load_resource

from labkit.aws.adapter import Replacement

_describe = AmiBackend.describe_images
_LATEST = ("latest_amis", "ecs/optimized_amis")


def load_none(backend: Any) -> None:
    """What replaces `AmiBackend._load_amis`: a backend begins without images."""


def describe_images(
    backend: Any, ami_ids: list[str] | None = None, filters: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> list[Ami]:
    """DescribeImages; images asked for by id are made alone, for every other question all are."""
    wanted = ami_ids or _ids_in(filters)
    known = _known(backend.region_name)
    for image in known if wanted is None else wanted:
        if image in known and image not in backend.amis and image not in backend.deleted_amis:
            backend.amis[image] = Ami(backend, **known[image])
    found: list[Ami] = _describe(backend, ami_ids, filters, *args, **kwargs)
    return found


def _ids_in(filters: dict[str, Any] | None) -> list[str] | None:
    ids = (filters or {}).get("image-id")
    return [ids] if isinstance(ids, str) else ids


@cache
def _known(region: str) -> dict[str, dict[str, Any]]:
    """moto's descriptions of Amazon's images in a region, by id."""
    images = list(AMIS)
    for folder in _LATEST:
        try:
            images += load_resource(f"ec2/resources/{folder}/{region}.json")
        except FileNotFoundError:  # a region that moto has no list of
            continue
    return {one["ami_id"]: _as_moto_makes_it(one) for one in images}


def _as_moto_makes_it(image: dict[str, Any]) -> dict[str, Any]:
    created = image.get("creation_date")
    read = default_timestamp_parser(created) if isinstance(created, str) else created
    return image | {"owner_alias": "amazon", "creation_date": read}


REPLACED: list[Replacement] = [
    (AmiBackend, "_load_amis", load_none),
    (AmiBackend, "describe_images", describe_images),
]
