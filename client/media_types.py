"""What a picture is, by how its content begins."""

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\1\0", "image/x-icon"),
)


def find_media_type(content):
    """Return the media type of a picture, "" if it is none that is known.

    :param content: bytes
    """
    # of a WebP the length comes first
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return next(
        (type_ for start, type_ in _BEGINNINGS if content.startswith(start)), ""
    )
