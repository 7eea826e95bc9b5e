"""Keys for a local installation, made on first use and kept beside its data; production brings its own."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The file's text; the first process to ask creates it, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(make(), encoding="ascii")
        try:
            # A hard link appears complete or not at all, and never over an existing name.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def secret(data_dir: Path, name: str = "secret_key") -> str:
    return _kept(data_dir / name, lambda: secrets.token_urlsafe(50))


def fernet(data_dir: Path) -> str:
    return _kept(data_dir / "token_key", lambda: Fernet.generate_key().decode())
