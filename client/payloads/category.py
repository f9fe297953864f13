"""Category trees and their categories (§6.6)."""

from dataclasses import dataclass

from .values import (
    read_child,
    read_flag,
    read_id,
    read_ids,
    read_integer,
    read_record,
    read_required_id,
    read_text,
)


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """The categories of the channels that share it."""

    id: str
    name: str
    channel_ids: tuple[str, ...]

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "category tree")
        return cls(
            id=read_required_id(raw, "id"),
            name=read_text(raw, "name"),
            channel_ids=read_ids(raw, "channels"),
        )


@dataclass(frozen=True, slots=True)
class Category:
    """``parent_id`` is "" at the top of a tree."""

    id: str
    name: str
    parent_id: str
    tree_id: str
    is_visible: bool
    sort_order: int
    path: str

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "category")
        return cls(
            id=read_required_id(raw, "category_id"),
            name=read_text(raw, "name"),
            parent_id=read_id(raw, "parent_id"),
            tree_id=read_id(raw, "tree_id"),
            is_visible=read_flag(raw, "is_visible"),
            sort_order=read_integer(raw, "sort_order"),
            path=read_text(read_child(raw, "url"), "path"),
        )
