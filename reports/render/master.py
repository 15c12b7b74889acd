"""The look of a deck: 16:9 on our paper, headings in pine, Inter where it is installed.

The master and its two layouts carry the look, so that a slide added by hand has it too.
"""

import copy
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from reports.charts import COLOURS

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import SlideLayout

# Tokens that only paper has, beside those of the charts (a test compares with tokens.css).
TOKENS = {
    **COLOURS,
    "card": "#fffdf8",
    "ink-soft": "#55615a",
    "line": "#e3dac8",
    "paper": "#faf6ee",
    "pine-deep": "#133f30",
    "sun-ink": "#7d5105",
}
# The hills of the home page's head.
_FAR, _NEAR, _SUN, _WALL, _ROOF, _WINDOW = (
    *("2E6B54", "3F8064", "E0A12E"),
    *("A63A28", "3A2A22", "F3C463"),
)
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.75  # inches
_THEME = {
    "dk1": "ink",
    "lt1": "paper",
    "dk2": "pine",
    "lt2": "card",
    "accent1": "committed",
    "accent2": "received",
    "accent3": "enabled",
    "accent4": "line-strong",
    "accent5": "falu",
    "accent6": "sun",
    "hlink": "pine",
    "folHlink": "ink-soft",
}
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def colour(token: str) -> Any:
    """A token as an office program's colour."""
    from pptx.dml.color import RGBColor  # noqa: PLC0415 -- only a deck needs it

    return RGBColor.from_string(TOKENS[token][1:].upper())


def new_deck(footer: str) -> "tuple[Presentation, SlideLayout, SlideLayout]":
    """An empty deck, the layout of its first slide, and that of all others."""
    import pptx  # noqa: PLC0415 -- only a deck needs it
    from pptx.util import Inches  # noqa: PLC0415 -- as above

    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _theme(deck.slide_master)
    layouts = deck.slide_master.slide_layouts
    cover, plain = layouts[0], layouts[5]
    for layout in [each for each in layouts if each not in (cover, plain)]:
        layouts.remove(layout)
    for part in (deck.slide_master, cover, plain):
        for shape in list(part.placeholders):
            # Dates, footers and numbers of the template: ours stand in the layout itself.
            if shape.placeholder_format.type in _unwanted():
                shape.element.getparent().remove(shape.element)
    for part in (deck.slide_master, plain):
        _set_title(part.placeholders[0], top=0.98, height=1.0, size=28, ink="pine")
    _place(deck.slide_master.placeholders[1], top=2.2, height=4.4)
    _draw_plain(deck, plain, footer)
    _draw_cover(deck, cover)
    return deck, cover, plain


def _unwanted() -> set[Any]:
    from pptx.enum.shapes import PP_PLACEHOLDER  # noqa: PLC0415 -- only a deck needs it

    return {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}


def _theme(master: Any) -> None:
    """Our colours and type in the theme, so that what is added later is offered them."""
    from lxml import etree  # noqa: PLC0415 -- only a deck needs it
    from pptx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415 -- as above

    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = etree.fromstring(part.blob)
    root.set("name", "Byakassan")
    for name, token in _THEME.items():
        slot = root.find(f".//{_A}clrScheme/{_A}{name}")
        slot[:] = [etree.Element(f"{_A}srgbClr", val=TOKENS[token][1:].upper())]
    for font in root.iterfind(f".//{_A}fontScheme/*/{_A}latin"):
        # Where there is no Inter, the numbers ask for another upright sans of the same width.
        font.attrib.clear()
        told = {"typeface": "Inter", "panose": "020B0502030000000004", "pitchFamily": "34"}
        font.attrib.update({**told, "charset": "0"})
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _place(shape: Any, *, top: float, height: float) -> None:
    from pptx.util import Inches  # noqa: PLC0415 -- only a deck needs it

    shape.left, shape.width = Inches(MARGIN), Inches(WIDTH - 2 * MARGIN)
    shape.top, shape.height = Inches(top), Inches(height)


def _set_title(
    shape: Any, *, top: float, height: float, size: int, ink: str, bold: bool = True
) -> None:
    """Where a layout's title stands and how it is set."""
    from lxml import etree  # noqa: PLC0415 -- only a deck needs it

    _place(shape, top=top, height=height)
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    body = frame._txBody
    body.bodyPr.set("anchor", "t")
    style = body.find(f"{_A}lstStyle")
    style[:] = []
    rule = etree.SubElement(style, f"{_A}lvl1pPr", marL="0", indent="0", algn="l")
    etree.SubElement(etree.SubElement(rule, f"{_A}lnSpc"), f"{_A}spcPct", val="95000")
    etree.SubElement(rule, f"{_A}buNone")
    run = etree.SubElement(rule, f"{_A}defRPr", sz=str(size * 100), b=str(int(bold)), spc="-20")
    fill = etree.SubElement(run, f"{_A}solidFill")
    etree.SubElement(fill, f"{_A}srgbClr", val=TOKENS[ink][1:].upper())


def text_box(
    shapes: Any,
    text: str,
    *,
    at: tuple[float, float, float, float],
    size: float,
    ink: str = "ink",
    bold: bool = False,
) -> Any:
    """A box of plain text at (left, top, width, height) inches; paragraphs at line ends."""
    from pptx.enum.text import MSO_AUTO_SIZE  # noqa: PLC0415 -- only a deck needs it
    from pptx.util import Inches, Pt  # noqa: PLC0415 -- as above

    box = shapes.add_textbox(*map(Inches, at))
    frame = box.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, line in enumerate(text.splitlines() or [""]):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour(ink)
        run.font._element.set("lang", "en-GB" if get_language() == "en" else "sv-SE")
    return box


def panel(shapes: Any, kind: Any, at: tuple[float, float, float, float], fill: str) -> Any:
    """A plain shape without an edge at (left, top, width, height) inches; `fill` as RRGGBB."""
    from pptx.dml.color import RGBColor  # noqa: PLC0415 -- only a deck needs it
    from pptx.util import Inches  # noqa: PLC0415 -- as above

    shape = shapes.add_shape(kind, *map(Inches, at))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(fill)
    shape.line.fill.background()
    # Without the theme's style, which would give it a shadow.
    shape._element.remove(shape._element.find("{*}style"))
    return shape


def _draw_plain(deck: Any, layout: Any, footer: str) -> None:
    """A short stripe of sun above, and at the foot what is told and the slide's number."""
    from lxml import etree  # noqa: PLC0415 -- only a deck needs it
    from pptx.enum.shapes import MSO_SHAPE  # noqa: PLC0415 -- as above
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415 -- as above

    def draw(shapes: Any) -> None:
        sun = TOKENS["sun"][1:].upper()
        panel(shapes, MSO_SHAPE.RECTANGLE, (MARGIN, 0.42, 0.7, 0.07), sun)
        text_box(shapes, footer, at=(MARGIN, 7.0, 10.5, 0.3), size=11, ink="ink-soft")
        number = text_box(shapes, "‹#›", at=(11.6, 7.0, 0.98, 0.3), size=11, ink="ink-soft")
        paragraph = number.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        run = paragraph.runs[0]._r
        shown = etree.Element(f"{_A}fld", type="slidenum")
        shown.set("id", "{C1FF6DA9-008F-8B48-92A6-B652298478BF}")
        shown.extend(list(run))
        run.getparent().replace(run, shown)

    _into(deck, layout, draw)


def _draw_cover(deck: Any, layout: Any) -> None:
    """The home page's hills, with a cottage and the sun, in pine."""
    from pptx.dml.color import RGBColor  # noqa: PLC0415 -- only a deck needs it
    from pptx.enum.shapes import MSO_SHAPE  # noqa: PLC0415 -- as above

    layout.background.fill.solid()
    layout.background.fill.fore_color.rgb = RGBColor.from_string("1D5A44")
    _set_title(layout.placeholders[0], top=1.5, height=1.75, size=48, ink="on-pine")
    subtitle = layout.placeholders[1]
    _set_title(subtitle, top=3.35, height=1.3, size=22, ink="on-pine", bold=False)

    def draw(shapes: Any) -> None:
        oval = MSO_SHAPE.OVAL
        panel(shapes, oval, (10.9, 4.15, 0.95, 0.95), _SUN)
        panel(shapes, oval, (5.2, 5.0, 11.5, 4.6), _FAR)
        panel(shapes, oval, (-3.4, 5.35, 12.5, 4.4), _NEAR)
        panel(shapes, MSO_SHAPE.RECTANGLE, (9.1, 4.95, 0.95, 0.62), _WALL)
        panel(shapes, MSO_SHAPE.ISOSCELES_TRIANGLE, (8.95, 4.5, 1.25, 0.47), _ROOF)
        panel(shapes, MSO_SHAPE.RECTANGLE, (9.48, 5.14, 0.19, 0.22), _WINDOW)
        paper = TOKENS["paper"][1:].upper()
        panel(shapes, oval, (-2.2, 6.45, 17.8, 3.2), paper)

    _into(deck, layout, draw)


def _into(deck: Any, layout: Any, draw: Any) -> None:
    """Draw on a slide that is thrown away, and keep the shapes behind a layout's own.

    (python-pptx adds shapes to slides only.)
    """
    slide = deck.slides.add_slide(layout)
    kept = [shape._element for shape in slide.shapes]
    draw(slide.shapes)
    drawn = [shape._element for shape in slide.shapes if shape._element not in kept]
    tree = layout.shapes._spTree
    for place, element in enumerate(drawn):
        tree.insert(2 + place, copy.deepcopy(element))
    ids = deck.slides._sldIdLst
    deck.part.drop_rel(ids[-1].rId)
    ids.remove(ids[-1])
