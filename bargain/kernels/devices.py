"""Where arrays live: a name such as ``cuda`` becomes an array namespace and a place in it, or a refusal that says what is missing.

The kernels that take arrays of any library are written in the functions of the Python array API standard (2024.12), which numpy
has itself and `array_api_compat` gives to torch and CuPy. `namespace` finds them from the arrays.
"""

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from bargain.errors import BadInput

__all__ = ["Device", "device", "foreign", "host", "namespace", "on_gpu", "place_of"]

_NAMES = "cpu (numpy), torch (torch on the CPU), cuda or cuda:N (torch, else CuPy)"
_EXTRA = "pip install 'bargain-solver[gpu]'"


@dataclass(frozen=True)
class Device:
    """An array namespace and a place in it: where `put` puts columns of numbers. cuda: whether it is a GPU."""

    name: str
    namespace: Any
    place: Any = None
    cuda: bool = False

    def put(self, values: Any) -> Any:
        """An array of this device with the numbers of a numpy array."""
        return self.namespace.asarray(np.array(values), device=self.place)


def device(name: str) -> Device:
    """The device of a name: ``cpu``, ``torch``, ``cuda`` or ``cuda:N``.

    Raises BadInput for another name, for a library that is not installed, and where no such GPU is found.

    >>> device("cpu").put([1.0, 2.0]).tolist()
    [1.0, 2.0]
    """
    kind, colon, index = str(name).partition(":")
    if kind not in ("cpu", "torch", "cuda") or (colon and (kind != "cuda" or not index.isdecimal())):
        raise BadInput(f"no device is called {name!r}", place="device", remedy=f"give {_NAMES}")
    if kind == "cpu":
        return Device(name, np)
    if kind == "cuda":
        return _cuda(name, int(index or 0))
    torch, missing = _library("torch")
    if torch is None:
        raise BadInput(f"no device {name!r}: {missing}", place="device", remedy=f"{_EXTRA}, or device='cpu'")
    return Device(name, _compat("torch"), torch.device("cpu"))


def _cuda(name: str, index: int) -> Device:
    """The GPU of that number, through the first library that finds any."""
    reasons = []
    for library in ("torch", "cupy"):
        module, missing = _library(library)
        count = 0 if module is None else _gpus(library, module)
        if count > index:
            place = module.device("cuda", index) if library == "torch" else module.cuda.Device(index)  # type: ignore[union-attr]
            return Device(name, _compat(library), place, cuda=True)
        reasons.append(missing or (f"{library} {module.__version__} finds {count} of them" if count else f"{library} {module.__version__} finds none"))
    which = f"no CUDA device {index}" if index else "no CUDA device"
    raise BadInput(f"{which}: {', '.join(reasons)}", place="device", remedy=f"{_EXTRA} where there is an NVIDIA GPU, or device='cpu'")


def _library(name: str) -> tuple[Any, str]:
    """The module, or None and why it is missing."""
    try:
        return import_module(name), ""
    except ModuleNotFoundError as error:
        if error.name == name:
            return None, f"{name} is not installed"
        return None, f"{name} cannot be imported ({error})"
    except ImportError as error:
        return None, f"{name} cannot be imported ({error})"


def _gpus(library: str, module: Any) -> int:
    if library == "torch":
        return int(module.cuda.device_count()) if module.cuda.is_available() else 0
    try:
        return int(module.cuda.runtime.getDeviceCount())
    except module.cuda.runtime.CUDARuntimeError:  # no driver, or none that fits
        return 0


def _compat(library: str) -> ModuleType:
    try:
        return import_module(f"array_api_compat.{library}")
    except ModuleNotFoundError as error:
        raise BadInput("array_api_compat is not installed", place="device", remedy=f"{_EXTRA}, or device='cpu'") from error


def foreign(value: Any) -> bool:
    """Whether this is an array of another library than numpy."""
    return hasattr(value, "__dlpack__") and not isinstance(value, np.ndarray | np.generic)


def namespace(*values: Any) -> Any:
    """The array namespace of some arrays, numpy's for lists and numbers; arrays of two libraries are refused."""
    others = [value for value in values if foreign(value)]
    if not others:
        return np
    if any(isinstance(value, np.ndarray) for value in values):
        raise BadInput("arrays of two libraries are mixed", place="array", remedy="move all of them to one device")
    try:
        from array_api_compat import array_namespace
    except ModuleNotFoundError as error:
        raise BadInput("array_api_compat is not installed", place="array", remedy=f"{_EXTRA}, or give numpy arrays") from error
    try:
        return array_namespace(*others)
    except TypeError as error:
        raise BadInput(str(error), place="array", remedy="give arrays of one library: numpy, torch or CuPy") from error


def place_of(array: Any) -> Any:
    """The place of an array within its namespace; None is numpy's."""
    return None if isinstance(array, np.ndarray) else array.device


def on_gpu(array: Any) -> bool:
    """Whether an array lies in the memory of a GPU."""
    if not foreign(array):
        return False
    from array_api_compat import is_cupy_array

    return bool(is_cupy_array(array)) or getattr(array.device, "type", "cpu") == "cuda"


def host(array: Any) -> Any:
    """The array as a numpy array."""
    if not foreign(array):
        return np.asarray(array)
    from array_api_compat import is_cupy_array, is_torch_array, to_device

    return np.asarray(to_device(array, "cpu")) if is_cupy_array(array) or is_torch_array(array) else np.from_dlpack(array)
