"""Forms with files, as requests bring them."""

import json
from dataclasses import dataclass

TYPE = "multipart/form-data"


@dataclass(frozen=True)
class File:
    """A file of a form."""

    name: str
    content: bytes
    type: str


def parse(request):
    """The fields of a form: name -> text, or :class:`File`."""
    files = {}
    for name, file in request.files.items():
        file.seek(0)
        files[name] = File(file.filename or "", file.read(), file.mimetype)
    return {**request.form.to_dict(), **files}


def describe(body):
    """A form as JSON in which files are told without their content."""
    return json.dumps(
        {
            name: {"file": value.name, "bytes": len(value.content), "type": value.type}
            if isinstance(value, File)
            else value
            for name, value in body.items()
        }
    )
