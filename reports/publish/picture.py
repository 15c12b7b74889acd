"""A publication as a picture of 1200 · 630 (Open Graph's usual size), drawn without a browser."""

import io
from functools import cache

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from pools.wording import day_text
from reports.publish.shown import ShownPublication

SIZE = (1200, 630)
MARGIN = 64
# The light theme of config/static/site/tokens.css.
PAPER, CARD, INK, SOFT, PINE, LINE = (
    *("#faf6ee", "#fffdf8", "#22302b", "#55615a", "#133f30"),
    "#e3dac8",
)
BANDS = {"committed": "#b9780f", "received": "#1f7050", "enabled": "#2a618c"}
_Box = tuple[float, float, float, float]


def drawn(told: ShownPublication, domain: str) -> bytes:
    """PNG bytes: title, whose, the three sums as bars of their own, the goal, day and address."""
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], 18), fill=PINE)
    width = SIZE[0] - 2 * MARGIN
    whose = [told.content["organisation"]["name"], told.whose if told.content["project"] else ""]
    sender = _cut(" · ".join(filter(None, whose)), 28, 640, width)
    pen.text((MARGIN, 52), sender, INK, _font(28, 640))
    y = 96
    one_line = (big for big in (76, 68) if _font(big, 760).getlength(told.title) <= width)
    is_long = "…" in "".join(_lines(told.title, 58, width))
    size = next(one_line, 44 if is_long else 58)
    for line in _lines(told.title, size, width):
        pen.text((MARGIN, y), line, PINE, _font(size, 760))
        y += size + 10
    bar = told.goal_bar
    y = 282
    for band in bar.bands:
        pen.text((MARGIN, y), band.label, INK, _font(28, 560))
        shown = f"{band.shown}  {band.percent}".strip()
        size = 32 if band.text else 24
        right = SIZE[0] - MARGIN - pen.textlength(shown, _font(size, 700))
        pen.text((right, y - 3), shown, INK, _font(size, 700))
        _bar(pen, (MARGIN, y + 40, SIZE[0] - MARGIN, y + 60), band.x, BANDS[band.code])
        if bar.now:
            x = MARGIN + width * bar.least_x / 1000
            pen.rectangle((x - 2, y + 34, x + 2, y + 66), fill=INK)
        y += 88
    goal = _("Needs at least %(goal)s") % {"goal": bar.now.least} if bar.now else ""
    day = _("Figures as of %(day)s") % {"day": day_text(told.as_of)}
    foot = " · ".join(part for part in (goal, day) if part)
    pen.text((MARGIN, 566), foot, SOFT, _font(26, 480))
    said = _("Signed · %(domain)s") % {"domain": domain}
    pen.text(
        (SIZE[0] - MARGIN - pen.textlength(said, _font(26, 640)), 566), said, PINE, _font(26, 640)
    )
    made = io.BytesIO()
    image.save(made, "PNG", optimize=True)
    return made.getvalue()


def _bar(pen: ImageDraw.ImageDraw, box: _Box, thousandths: int, colour: str) -> None:
    left, top, right, bottom = box
    pen.rounded_rectangle(box, radius=10, fill=LINE)
    reach = left + (right - left) * thousandths / 1000
    if reach - left >= 2:
        radius = min(10, (reach - left) / 2)
        pen.rounded_rectangle((left, top, reach, bottom), radius=radius, fill=colour)


def _lines(text: str, size: int, width: int) -> list[str]:
    """One line, or two as even as they can be; what is too long for them ends in an ellipsis."""
    font, words = _font(size, 760), text.split()
    if font.getlength(text) <= width:
        return [text]
    pairs = [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    fitting = [pair for pair in pairs if all(font.getlength(line) <= width for line in pair)]
    if fitting:
        return min(fitting, key=lambda pair: abs(font.getlength(pair[0]) - font.getlength(pair[1])))
    begun = [pair for pair in pairs if font.getlength(pair[0]) <= width]
    return [_cut(line, size, 760, width) for line in (begun[-1] if begun else [text])]


def _cut(text: str, size: int, weight: int, width: int) -> str:
    font = _font(size, weight)
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Our own Inter, a font of all weights, at one of them."""
    font = ImageFont.truetype(str(finders.find("vendor/inter.woff2")), size)
    font.set_variation_by_axes([weight])
    return font
