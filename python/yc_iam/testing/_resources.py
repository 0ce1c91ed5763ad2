"""What an emulator holds besides accounts and federations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from yc_iam import _core

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Resources:
    """Secrets of Lockbox, access bindings, and operations that fail."""

    def __init__(self, core: _core.Emulator) -> None:
        self._resources = _core.EmulatedResources(core)

    def create_secret(self, folder_id: str, name: str, entries: Mapping[str, str | bytes]) -> str:
        """Creates a Lockbox secret and gives its ID. To read it takes the role `lockbox.payloadViewer`.

        `entries`: text and binary values by their keys. Raises `UsageError` for what breaks a limit.
        """
        return self._resources.create_secret(folder_id, name, dict(entries))

    def add_secret_version(self, secret_id: str, entries: Mapping[str, str | bytes]) -> str:
        """Adds a version, which becomes the current one, and gives its ID. Raises `UsageError`."""
        return self._resources.add_secret_version(secret_id, dict(entries))

    def set_secret_active(self, secret_id: str, is_active: bool) -> bool:
        """Lets a secret's payload be read, or not any more. True if it is there."""
        return self._resources.set_secret_active(secret_id, is_active)

    def delete_secret(self, secret_id: str) -> bool:
        """Deletes a secret. True if it was there."""
        return self._resources.delete_secret(secret_id)

    def add_access_binding(self, resource_id: str, role: str, subject_id: str) -> None:
        """Gives a service account or a user a role on a resource, by its exact name.

        A resource is a secret, a service account, a federation or a folder, by its ID; or `kubernetes`, the cluster.
        """
        self._resources.add_access_binding(resource_id, role, subject_id)

    def remove_access_binding(self, resource_id: str, role: str, subject_id: str) -> bool:
        """Takes a role away. True if it was there."""
        return self._resources.remove_access_binding(resource_id, role, subject_id)

    def order_operation_failure(
        self, code: int, message: str, *, details: Sequence[Mapping[str, Any]] = (), detected_early: bool = False
    ) -> None:
        """Makes the next operation fail instead of having an effect.

        `code`: a `google.rpc.Code` from 1 to 16. `detected_early`: a look finds `error` set once before `done` is. Raises
        `UsageError` for another code.
        """
        self._resources.order_operation_failure(
            code, message, json.dumps([dict(item) for item in details]), detected_early
        )
