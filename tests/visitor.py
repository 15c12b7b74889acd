"""Somebody with a browser without script: reads pages, follows links, fills in the forms they show.

Only what stands on a page can be sent: a field that its form has not, a choice that it does not
offer, or a link that is not there fails the test. Speaks to the server behind the web server, as
`deploy/Caddyfile` does: plain http that says it was https.
"""

import base64
import hmac
import http.client
import re
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

from lxml import html

from tests.served import HOST, PostOffice, Site

BASE = f"https://{HOST}"
PHONE = "Mozilla/5.0 (Linux; Android 14; Mobile) AppleWebKit/537.36"
File = tuple[str, bytes]  # Its name and what is in it.
Told = str | bool | list[str] | File


@dataclass
class Visitor:
    """One browser with its cookies, at one address on the net."""

    site: Site
    address: str = "192.0.2.7"
    language: str = "sv"
    cookies: dict[str, str] = field(default_factory=dict)
    app: "Authenticator | None" = None  # On the phone of whoever sits here.

    def on_a_new_phone(self) -> "Visitor":
        """The same somebody, with nothing kept but the authenticator."""
        return replace(self, cookies={})

    def open(self, path: str, *, expect: int = 200) -> "Page":
        """The page of an address, after what it leads on to."""
        return self._page("GET", path, expect=expect)

    def send(self, path: str, body: bytes, kind: str, *, expect: int, back: str) -> "Page":
        """What the server answers to a form."""
        return self._page(
            "POST", path, body, {"Content-Type": kind, "Origin": BASE, "Referer": back}, expect
        )

    def _page(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        heads: dict[str, str] | None = None,
        expect: int = 200,
    ) -> "Page":
        for _hop in range(6):
            status, location, content = self._ask(method, path, body, heads or {})
            if status not in {301, 302, 303}:
                break
            method, body, heads, path = "GET", b"", None, urljoin(BASE + path, location)
            path = path.removeprefix(BASE)
        page = Page(self, path, status, content)
        assert status == expect, f"{method} {path}: {status}, not {expect}\n{page.why()}"
        return page

    def _ask(
        self, method: str, path: str, body: bytes, heads: dict[str, str]
    ) -> tuple[int, str, bytes]:
        wire = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        always = {
            "Host": HOST,
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Accept-Language": self.language,
            "User-Agent": PHONE,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        wire.request(method, path.partition("#")[0], body or None, always | heads)
        answer = wire.getresponse()
        content = answer.read()
        for told in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(told).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0" or not morsel.value:
                    del self.cookies[name]
        wire.close()
        return answer.status, answer.headers.get("Location", ""), content


@dataclass
class Page:
    """A page as it was read."""

    visitor: Visitor
    path: str
    status: int
    content: bytes

    @property
    def tree(self) -> Any:
        """Its elements."""
        return html.fromstring(self.content.decode() or "<p>", base_url=BASE + self.path)

    @property
    def words(self) -> str:
        """What a reader sees of its main part, spaces made one."""
        (main, *_rest) = self.tree.xpath("//main") or [self.tree]
        for unseen in main.xpath(".//script | .//style"):
            unseen.drop_tree()
        return plain(main.text_content())

    def why(self) -> str:
        """What it says of what went wrong, with the server's own words."""
        wrong = self.tree.xpath("//*[contains(@class,'error') or contains(@class,'notice')]")
        said = [plain(found.text_content()) for found in wrong] or [self.words[:500]]
        return "\n".join([*said, *self.visitor.site.errors()[-1:]])

    def says(self, *words: str) -> "Page":
        """The page, which says all this."""
        for told in words:
            assert told in self.words, f"{self.path} does not say {told!r}:\n{self.words}"
        return self

    def link(self, words: str = "", to: str = "") -> str:
        """Where the first link with these words or such an address leads; the main part first."""
        tree = self.tree
        for found in [*tree.xpath("//main//a[@href]"), *tree.xpath("//a[@href]")]:
            href = urljoin(BASE + self.path, found.get("href"))
            if words in plain(found.text_content()) and re.search(to, href):
                return href.removeprefix(BASE)
        raise AssertionError(f"{self.path} has no link {words or to!r}:\n{self.words}")

    def follow(self, words: str = "", to: str = "") -> "Page":
        """The page behind a link of this one."""
        return self.visitor.open(self.link(words, to))

    def forms(self) -> list["Form"]:
        """Every form on it."""
        return [Form(self, found) for found in self.tree.forms]

    def form(self, *, has: str = "", button: str = "", beside: str = "") -> "Form":
        """The first form with such a field and button, in a line of a list that says so."""
        for found in self.forms():
            if found.is_one(has, button, beside):
                return found
        told = "\n".join(str(found) for found in self.forms())
        raise AssertionError(
            f"{self.path} has no form {has} {button} {beside}:\n{told}\n{self.words}"
        )


@dataclass
class Form:
    """A form of a page."""

    page: Page
    element: Any

    def __str__(self) -> str:
        return f"{self.element.action or ''} {sorted(self.names())} {self.buttons()}"

    def names(self) -> set[str]:
        """Its fields."""
        return {name for name in self.element.inputs.keys() if name}  # noqa: SIM118 -- no dict

    def values(self) -> list[tuple[str, str]]:
        """What would be sent now. The first line break of a text box is the page's, not a word."""
        boxes = {found.get("name") for found in self.element.xpath(".//textarea")}
        told = self.element.form_values()
        return [(name, said.removeprefix("\n") if name in boxes else said) for name, said in told]

    def buttons(self) -> dict[str, Any]:
        """What may be pressed, by its words."""
        path = ".//button[not(@form) and (not(@type) or @type='submit')] | .//input[@type='submit']"
        found = self.element.xpath(path)
        return {plain(one.text_content() or one.get("value", "")): one for one in found}

    def is_one(self, has: str, button: str, beside: str) -> bool:
        """Whether it has a field, a button, and stands in a line with these words."""
        fits = not has or has in self.names()
        fits = fits and (not button or any(button in words for words in self.buttons()))
        return fits and beside in plain(self.element.xpath("string(ancestor::li[1])"))

    def send(self, button: str = "", *, expect: int = 200, **typed: Told) -> Page:
        """Fill it in and press. Hidden fields stay as they came."""
        files = {name: told for name, told in typed.items() if isinstance(told, tuple)}
        for name, told in typed.items():
            self._type(name, told)
        self._refuse_empty(set(files))
        pressed = self._pressed(button)
        name = pressed.get("name")
        fields = [*self.values(), *([(name, pressed.get("value", ""))] if name else [])]
        there = pressed.get("formaction") or self.element.get("action") or self.page.path
        action = urljoin(BASE + self.page.path, there)
        path = action.removeprefix(BASE)
        if self.element.method == "GET":
            return self.page.visitor.open(f"{urlsplit(path).path}?{urlencode(fields)}")
        body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        if self.element.get("enctype") == "multipart/form-data":
            body, kind = _in_parts(fields, files)
        back = BASE + self.page.path
        return self.page.visitor.send(path, body, kind, expect=expect, back=back)

    def _type(self, name: str, told: Told) -> None:
        assert name in self.names(), (
            f"{self.page.path}: no field {name!r} in {sorted(self.names())}"
        )
        found = self.element.inputs[name]
        kind = getattr(found, "type", "")
        assert kind != "hidden", f"{name!r} is hidden: nobody can type in it"
        if isinstance(told, tuple):
            assert kind == "file", f"{name!r} takes no file"
            assert self.element.get("enctype") == "multipart/form-data", "the file would not go"
        elif isinstance(found, html.RadioGroup):
            found.value = _option(name, _beside(found), str(told))
        elif isinstance(told, list):
            self._tick(name, told)
        elif found.tag == "select":
            offered = {one.get("value"): one.text_content() for one in found.xpath(".//option")}
            found.value = _option(name, offered, str(told))
        elif isinstance(told, bool):
            found.checked = told
        else:
            found.value = told

    def _tick(self, name: str, told: list[str]) -> None:
        """Tick these, by value or by the words beside them or in their row, and no others."""
        boxes = self.element.xpath(".//input[@type='checkbox'][@name=$name]", name=name)
        ticked = {_option(name, _beside(boxes), one) for one in told}
        for box in boxes:
            box.checked = box.get("value") in ticked

    def _refuse_empty(self, files: set[str]) -> None:
        """A browser sends no form in which something that is required is empty."""
        for found in self.element.xpath(".//*[@required and @name]"):
            name = found.get("name")
            at = self.element.inputs[name]
            is_told = getattr(at, "checked", None) if _is_tick(at) else at.value
            assert is_told or name in files, f"{self.page.path}: {name!r} is required"

    def _pressed(self, button: str) -> Any:
        fitting = [one for words, one in self.buttons().items() if button in words]
        assert fitting, f"{self.page.path}: no button {button!r} in {list(self.buttons())}"
        does = {(one.get("name"), one.get("formaction")) for one in fitting}
        assert button or len(does) == 1, "which button?"
        return fitting[0]


def _is_tick(found: Any) -> bool:
    return getattr(found, "type", "") == "checkbox"


def _beside(boxes: Iterable[Any]) -> dict[str, str]:
    """What radios or ticks offer, by the words beside each and of the row it stands in."""
    words = "ancestor::label | //label[@for=$at] | ancestor::tr[1]"
    return {
        box.get("value"): " ".join(
            one.text_content() for one in box.xpath(words, at=box.get("id", "-"))
        )
        for box in boxes
    }


def _option(name: str, offered: dict[str, str], told: str) -> str:
    """The value of a choice, given by it or by its words."""
    fits = [value for value, words in offered.items() if value == told or told in plain(words)]
    assert fits, f"{name!r} does not offer {told!r}: {offered}"
    return fits[0]


def _in_parts(fields: list[tuple[str, str]], files: dict[str, File]) -> tuple[bytes, str]:
    edge = uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
        if name not in files
    ]
    parts += [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, (called, content) in files.items()
    ]
    return b"".join([*parts, f"--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"


def plain(text: str) -> str:
    """The text with every run of spaces made one; a fixed space is a space."""
    return " ".join(text.split())


# --- Logging in -----------------------------------------------------------------------------------


@dataclass
class Authenticator:
    """Makes six digits that hold for half a minute (RFC 6238), each of them once."""

    secret: str
    used: int = 0

    def code(self) -> str:
        """The digits of now; what has been used is waited out, as people do."""
        while (now := int(time.time() // 30)) == self.used:
            time.sleep(0.1)
        self.used = now
        digest = hmac.digest(base64.b32decode(self.secret), struct.pack(">Q", now), "sha1")
        (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
        return f"{(number & 0x7FFFFFFF) % 10**6:06d}"


def log_in(somebody: Visitor, office: PostOffice, address: str) -> Page:
    """By the code in the letter, and the authenticator's where one is set up."""
    page = somebody.open("/accounts/login/").form(has="login").send("Logga in", login=address)
    page = _type_code(page, office, address)
    if "/2fa/" in page.path:
        assert somebody.app is not None
        page = page.form(has="code").send(code=somebody.app.code())
    return page


def sign_up(somebody: Visitor, office: PostOffice, address: str) -> Page:
    """An account of one's own, by the code in the letter."""
    page = somebody.open("/accounts/login/").follow(to="/signup/")
    return _type_code(page.form(has="email").send(email=address), office, address)


def _type_code(page: Page, office: PostOffice, address: str) -> Page:
    """Whatever code a letter brought. A login made for somebody asks for two, one by one."""
    while page.path in {"/accounts/login/code/confirm/", "/accounts/confirm-email/"}:
        (code,) = re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", office.last_to(address), re.MULTILINE)
        page = page.form(has="code").send("Bekräfta", code=code)
    return page


def set_up_authenticator(somebody: Visitor) -> None:
    """Find the page, type the secret into the phone, and the phone's digits into the page."""
    page = somebody.open("/accounts/2fa/").follow("Aktivera")
    (secret, *_rest) = re.findall(r"[A-Z2-7]{32}", page.content.decode())
    somebody.app = Authenticator(secret)
    page.form(has="code").send(code=somebody.app.code()).says("Autentiseringsapp aktiverad")
