"""The manifests of deploy/kubernetes, read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml
from checkout import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

KUBERNETES: Final = ROOT / "deploy" / "kubernetes"
# What Kubernetes sets of itself for a pod of an Indexed Job.
INDEX: Final = "JOB_COMPLETION_INDEX"


def documents() -> list[dict[str, Any]]:
    """Give all of them, in the order of their files."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(KUBERNETES.glob("*.yaml")))
    return [document for text in texts for document in yaml.safe_load_all(text)]


def pods() -> dict[str, dict[str, Any]]:
    """Give the spec of each pod by the name of what starts it."""
    found = {}
    for document in documents():
        spec = document.get("spec", {})
        job = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in job:
            found[document["metadata"]["name"]] = job["template"]["spec"]
    return found


def arguments_of(name: str, variables: Mapping[str, str]) -> list[str]:
    """Give the arguments of a pod's container as Kubernetes hands them on."""
    (container,) = pods()[name]["containers"]
    arguments: list[str] = container["args"]
    for variable, value in variables.items():
        arguments = [each.replace(f"$({variable})", value) for each in arguments]
    return arguments


def set_for(name: str) -> dict[str, str]:
    """Give the variables that a manifest sets."""
    (container,) = pods()[name]["containers"]
    return {each["name"]: each["value"] for each in container["env"]}


def of_kind(kind: str) -> list[dict[str, Any]]:
    """Give the documents of a kind."""
    return [document for document in documents() if document["kind"] == kind]
