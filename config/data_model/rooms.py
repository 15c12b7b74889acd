"""What is drawn: the tables of each file of models, and what points at what."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Field, ForeignKey, Model

from pools import guards

APPS = ("pools", "invest", "reports")  # Ground first, as imports run.


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key: the field, the table it points at, and that one's room."""

    name: str
    target: str
    room: str
    may_be_empty: bool

    @property
    def label(self) -> str:
        """The field, with ? where it may be empty."""
        return self.name + ("?" if self.may_be_empty else "")


@dataclass(frozen=True, slots=True)
class Table:
    """A model by name, its links in order, and whether the database guards its rows."""

    name: str
    links: tuple[Link, ...]
    is_guarded: bool


@dataclass(frozen=True, slots=True)
class Room:
    """The tables of one file of models; a small app is a room of its own."""

    name: str
    file: str
    tables: tuple[Table, ...]

    def targets(self) -> set[str]:
        """The other rooms that this one points at."""
        return {link.room for table in self.tables for link in table.links} - {self.name}


def rooms() -> list[Room]:
    """Every room, ground first: a room stands above what it points at, as far as that can be."""
    return [room for app in APPS for room in _tower(_rooms_of(app))]


def _rooms_of(app: str) -> list[Room]:
    found: dict[type[Model], str] = {
        model: _room_name(model)
        for model in apps.get_app_config(app).get_models()
        if not model._meta.proxy
    }
    tables: dict[str, list[Table]] = {}
    files: dict[str, str] = {}
    for model, name in found.items():
        tables.setdefault(name, []).append(_table(model))
        files[name] = f"{model.__module__.replace('.', '/')}.py"
    return [Room(name, files[name], tuple(tables[name])) for name in tables]


def _room_name(model: type[Model]) -> str:
    name = model.__module__.rpartition(".")[2]
    return model._meta.app_label if name == "models" else name


def _table(model: type[Model]) -> Table:
    links = tuple(
        Link(one.name, target.__name__, _room_name(target), one.null)
        for one in model._meta.get_fields()
        if isinstance(one, Field) and isinstance(one, ForeignKey) and (target := _ours(one))
    )
    guarded = model._meta.db_table in guards.protected_tables()
    return Table(model.__name__, links, guarded)


def _ours(link: "ForeignKey[object, object]") -> type[Model] | None:
    target = link.related_model
    if isinstance(target, str) or target._meta.app_label not in APPS:
        return None
    return target


def _tower(listed: list[Room]) -> list[Room]:
    """Next comes who points least at rooms not yet placed, then who is pointed at most."""
    left, tower = {room.name: room for room in listed}, list[Room]()
    while left:
        above = {name: sum(name in r.targets() for r in left.values()) for name in left}
        name = min(left, key=lambda n: (len(left[n].targets() & left.keys()), -above[n], n))
        tower.append(left.pop(name))
    return tower
