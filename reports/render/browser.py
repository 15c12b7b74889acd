"""The browser that draws pictures: one in a process, without a net, killed when it hangs.

It starts with the first picture (about 3 s), then draws one in a quarter of a second. Figures come
from `reports.charts`; nothing a visitor typed is ever run here.
"""

import asyncio
import atexit
import logging
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from reports.refusals import NoBrowser

log = logging.getLogger(__name__)
START_SECONDS = 40.0
PICTURE_SECONDS = 25.0
CLOSE_SECONDS = 5.0
_NOWHERE = "127.0.0.1:9"  # A proxy that is not there: the browser reaches no net at all.
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{here}</dir>
<cachedir>{here}/cache</cachedir></fontconfig>"""
_lock = threading.Lock()
_running: "_Browser | None" = None


def draw(figure: dict[str, Any], options: dict[str, Any]) -> bytes:
    """A plotly figure as a picture; `options` as Kaleido knows them. One at a time.

    Raises NoBrowser where there is none, or where it does not answer in time: it is then killed,
    and the next picture starts another.
    """
    global _running  # noqa: PLW0603 -- one browser for the process
    if not _lock.acquire(timeout=START_SECONDS + PICTURE_SECONDS):
        raise NoBrowser
    try:
        if _running is not None and not _running.is_alive:
            _running.kill()
            _running = None
        if _running is None:
            _running = _Browser()
        try:
            return _running.draw(figure, options)
        except BaseException:
            _running.kill()
            _running = None
            raise
    finally:
        _lock.release()


@atexit.register
def stop() -> None:
    """End the browser, if one was started in this process."""
    global _running  # noqa: PLW0603 -- one browser for the process
    with _lock:
        if _running is not None and _running.is_alive:
            _running.close()
        _running = None


class _Browser:
    """Kaleido, with a loop and a thread of its own so that nobody waits for ever."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._kaleido: Any = None
        self._home = Path(tempfile.mkdtemp(prefix="drawing-"))
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True, name="drawing").start()
        try:
            self._wait(self._open(), START_SECONDS)
        except BaseException:
            self.kill()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether it still runs, and is this process's own: a fork has none."""
        return self._process == os.getpid() and self._kaleido.subprocess.poll() is None

    def draw(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes:
        """See the module's `draw`."""
        made: bytes = self._wait(self._kaleido.calc_fig(figure, opts=options), PICTURE_SECONDS)
        return made

    async def _open(self) -> None:
        import kaleido  # noqa: PLC0415 -- 0.4 s; only who draws waits for it
        from choreographer.browsers import Chromium  # noqa: PLC0415 -- the same

        fonts = self._fonts()

        class Offline(Chromium):
            """Chromium with the site's own font, and no way to this machine's servers either."""

            def get_cli(self) -> list[str]:
                return [*super().get_cli(), "--proxy-bypass-list=<-loopback>"]

            def get_env(self) -> dict[str, str]:
                return {**super().get_env(), **fonts}

        scripts = kaleido.PageGenerator(
            plotly=Path(str(finders.find("vendor/plotly-basic.min.js"))).as_uri(), mathjax=False
        )
        self._kaleido = kaleido.Kaleido(
            n=1,
            timeout=PICTURE_SECONDS,
            page_generator=scripts,
            browser_cls=Offline,
            proxy_server=_NOWHERE,
            enable_extensions=False,
        )
        await self._kaleido.open()

    def _fonts(self) -> dict[str, str]:
        """What makes the browser know Inter as a font of the system; nothing where it cannot."""
        try:
            from fontTools.ttLib import (  # type: ignore[import-untyped] # noqa: PLC0415
                TTFont,  # Comes with WeasyPrint.
            )

            font = TTFont(str(finders.find("vendor/inter.woff2")))
            font.flavor = None
            font.save(self._home / "inter.ttf")
        except Exception:  # A font less is no reason to draw nothing.
            log.warning("pictures are drawn without Inter", exc_info=True)
            return {}
        settings = self._home / "fonts.conf"
        settings.write_text(_FONTS.format(here=self._home), "utf-8")
        return {"FONTCONFIG_FILE": str(settings)}

    def _wait(self, work: "Coroutine[Any, Any, Any]", seconds: float) -> Any:
        """Let the loop do it. Raises NoBrowser when it takes longer, or cannot be done at all."""
        done = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return done.result(seconds)
        except Exception as trouble:  # Missing, broken, hung: the way out is the same.
            log.warning("no picture: %r", trouble)
            raise NoBrowser from trouble

    def close(self) -> None:
        """End it the friendly way, else the other."""
        with suppress(NoBrowser):
            self._wait(self._kaleido.close(), CLOSE_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the browser with all its processes, whatever they are doing."""
        if self._process != os.getpid():
            return  # A fork's copy: the browser is not its own.
        started = getattr(self._kaleido, "subprocess", None)
        if started is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(started.pid, signal.SIGKILL)  # It leads a session of its own.
        self._loop.call_soon_threadsafe(self._loop.stop)
        shutil.rmtree(self._home, ignore_errors=True)
