"""Chunks of a sweep on disk: one NetCDF file each, written whole or not at all, and a note of what they belong to."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bargain.errors import BadInput

if TYPE_CHECKING:
    import xarray

__all__ = ["Store", "read_sweep"]

_NOTE = "sweep.json"


class Store:
    """A folder of chunks that belong to one sweep."""

    def __init__(self, folder: str | os.PathLike[str], note: dict[str, Any]) -> None:
        """Open or start a folder; one that holds another sweep is refused."""
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._clear()
            held = self._note()
            if held is None:
                if any(self.folder.glob("chunk-*.nc")):
                    raise BadInput("holds chunks without their note", place=f"{self.folder}", remedy="give an empty folder")
                _write(self.folder / _NOTE, json.dumps(note, indent=1).encode())
            elif held != json.loads(json.dumps(note)):
                changed = ", ".join(key for key in note if held.get(key) != note[key])
                remedy = "give another folder, or the same sweep to go on with it"
                raise BadInput(f"holds another sweep (different: {changed})", place=f"{self.folder}", remedy=remedy)
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def _clear(self) -> None:
        """Remove what a killed process had not finished writing."""
        for path in self.folder.glob(".*.part*"):
            writer = path.name.rpartition(".part")[2]
            if not (writer.isdigit() and running(int(writer))):
                path.unlink(missing_ok=True)

    def _note(self) -> Any:
        try:
            return json.loads((self.folder / _NOTE).read_text())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise BadInput(f"{_NOTE} is not a note of a sweep ({error})", place=f"{self.folder}", remedy="give another folder") from error

    def path(self, number: int) -> Path:
        """Where a chunk is kept."""
        return self.folder / f"chunk-{number:06d}.nc"

    def missing(self, chunks: int) -> list[int]:
        """The chunks that are still to be computed."""
        there = {path.name for path in self.folder.glob("chunk-*.nc")}
        return [number for number in range(chunks) if self.path(number).name not in there]

    def keep(self, number: int, data: "xarray.Dataset") -> None:
        """Write a chunk, whole or not at all."""
        try:
            _write(self.path(number), bytes(data.to_netcdf(engine="scipy")))
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def chunk(self, number: int) -> "xarray.Dataset":
        """Read a chunk."""
        import xarray

        with xarray.open_dataset(self.path(number), engine="scipy") as data:
            return data.load()


def read_sweep(folder: str | os.PathLike[str]) -> "xarray.Dataset":
    """What a sweep has stored in a folder so far, as one dataset in memory; `attrs["status"]` says whether it is complete.

    Raises BadInput if the folder holds no sweep. A sweep larger than memory is read chunk by chunk with
    `xarray.open_dataset` from the files ``chunk-*.nc``.
    """
    from bargain.sweeping.run import assembled

    place = Path(folder)
    if not (place / _NOTE).is_file():
        raise BadInput("holds no sweep", place=f"{place}", remedy="give the folder that sweep(..., out=...) wrote")
    note = json.loads((place / _NOTE).read_text())
    store = Store(place, note)
    there = sorted(set(range(note["chunks"])) - set(store.missing(note["chunks"])))
    if not there:
        raise BadInput("holds no chunk yet", place=f"{place}", remedy="run the sweep again; it goes on where it stopped")
    return assembled([store.chunk(number) for number in there], note, complete=len(there) == note["chunks"])


def _write(path: Path, content: bytes) -> None:
    """The file appears only when all of it is on disk."""
    beside = path.with_name(f".{path.name}.part{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def running(process: int) -> bool:
    """Whether a process of this number is alive on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _unwritable(folder: Path, error: OSError) -> BadInput:
    remedy = "choose a folder with space in which you may write; what is there is kept"
    return BadInput(f"cannot be written ({error.strerror or error})", place=f"{folder}", remedy=remedy)
