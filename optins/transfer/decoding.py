"""Bytes of a file as they arrive, to text: UTF-8, UTF-16 by its mark, else Windows-1252. Pure.

Excel writes Windows-1252 where it is not told otherwise. A file counts as that only where no letter before the first
that is not UTF-8 was one: then nothing that was read is read otherwise.
"""

import codecs

WINDOWS = "windows-1252"
# As much is looked at before anything is decided.
HEAD = 65_536
_SIGNS = {b"PK\x03\x04": "spreadsheet", b"\xd0\xcf\x11\xe0": "spreadsheet", b"\x1f\x8b": "compressed"}
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


class Undecodable(ValueError):
    """`code` is a key of words.FILES; fill its sentence with `params`."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


class Decoder:
    """Give it the bytes by `feed`, and ask for the rest by `end`. `encoding` is what it found."""

    def __init__(self) -> None:
        self.encoding = "utf-8"
        self._head: bytes | None = b""
        self._decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()
        self._only_returns = False
        self._wide = False
        self._line = 1

    def feed(self, chunk: bytes) -> str:
        if self._head is None:
            return self._text(chunk)
        self._head += chunk
        return self._begin() if len(self._head) >= HEAD else ""

    def end(self) -> str:
        begun = self._begin() if self._head is not None else ""
        return begun + self._text(b"", final=True)

    def _begin(self) -> str:
        head, self._head = self._head or b"", None
        if not head.strip():
            raise Undecodable("empty")
        for sign, code in _SIGNS.items():
            if head.startswith(sign):
                raise Undecodable(code)
        for mark, encoding in _MARKS.items():
            if head.startswith(mark):
                self.encoding, head = encoding, head[len(mark) :]
                self._decoder = codecs.getincrementaldecoder(encoding)()
                # Its mark says what it is: a byte that is none of it is a mistake.
                self._wide = True
        width = 2 if self.encoding.startswith("utf-16") else 1
        plain = head[::width] if self.encoding != "utf-16-be" else head[1::width]
        self._only_returns = b"\r" in plain and b"\n" not in plain
        return self._text(head)

    def _text(self, chunk: bytes, *, final: bool = False) -> str:
        text = self._decode(chunk, final=final)
        self._wide = self._wide or not text.isascii()
        if self._only_returns:
            text = text.replace("\r", "\n")
        if "\0" in text:
            raise Undecodable("not_text", line=self._line + text[: text.index("\0")].count("\n"))
        self._line += text.count("\n")
        return text

    def _decode(self, chunk: bytes, *, final: bool) -> str:
        try:
            return self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            rest, start = bytes(error.object), error.start
        before = rest[:start].decode(self.encoding) if self.encoding in ("utf-8", WINDOWS) else ""
        line = self._line + before.count("\n")
        if self.encoding != "utf-8":
            raise Undecodable("not_text", line=line)
        if self._wide or not before.isascii():
            raise Undecodable("mixed", line=line)
        self.encoding = WINDOWS
        self._decoder = codecs.getincrementaldecoder(WINDOWS)()
        return self._decode(rest, final=final)
