"""Forms with files: what BigCommerce takes pictures in (§6.5)."""

from dataclasses import dataclass, field

from urllib3.filepost import encode_multipart_formdata

from .media_types import find_media_type

_DEFAULT_TYPE = "application/octet-stream"


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
        return find_media_type(self.content) or _DEFAULT_TYPE

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
