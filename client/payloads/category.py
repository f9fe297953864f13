"""Categories, each in a tree (§6.6)."""

from dataclasses import dataclass

from .values import (
    read_flag,
    read_id,
    read_record,
    read_required_id,
    read_text,
)


@dataclass(frozen=True, slots=True)
class Category:
    """``parent_id`` is "" at the top of a tree."""

    id: str
    name: str
    parent_id: str
    tree_id: str
    is_visible: bool

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "category")
        return cls(
            id=read_required_id(raw, "category_id"),
            name=read_text(raw, "name"),
            parent_id=read_id(raw, "parent_id"),
            tree_id=read_id(raw, "tree_id"),
            is_visible=read_flag(raw, "is_visible"),
        )
