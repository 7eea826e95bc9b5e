"""Files of opt-ins on their way in: stored, checked by a dry run, confirmed by a person, and taken in by slices."""

from optins.services.importing.steps import Moved, confirm, drop, go_on, stop
from optins.services.importing.storing import CannotImport, Upload, store
from optins.services.importing.working import work

__all__ = ["CannotImport", "Moved", "Upload", "confirm", "drop", "go_on", "stop", "store", "work"]
