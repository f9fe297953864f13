"""Forms with files: what BigCommerce takes pictures in (§6.5)."""

from dataclasses import dataclass, field

from urllib3.filepost import encode_multipart_formdata

_DEFAULT_TYPE = "application/octet-stream"
# with these they begin, and this is what they are
_TYPES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
)


@dataclass(frozen=True)
class Upload:
    """A file that is sent.

    :ivar name: of the file, as BigCommerce gets it
    :ivar content: its bytes
    """

    name: str
    content: bytes = field(repr=False)

    @property
    def type(self):
        """The media type, by how the content begins."""
        if self.content.startswith(b"RIFF") and self.content[8:12] == b"WEBP":
            return "image/webp"
        return next(
            (type_ for start, type_ in _TYPES if self.content.startswith(start)),
            _DEFAULT_TYPE,
        )

    def describe(self):
        """Return what may be told of it: nothing of its content."""
        return {"file": self.name, "bytes": len(self.content), "type": self.type}


def encode(form):
    """Return the body of a form, and the content type that goes with it.

    :param form: mapping, name -> Upload, text, number or bool; None is left out
    """
    return encode_multipart_formdata(
        {
            name: (value.name, value.content, value.type)
            if isinstance(value, Upload)
            else _to_text(value)
            for name, value in form.items()
            if value is not None
        }
    )


def describe(form):
    """Return a form as it may be told: of files only name, size and type."""
    return {
        name: value.describe() if isinstance(value, Upload) else value
        for name, value in form.items()
        if value is not None
    }


def _to_text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)
