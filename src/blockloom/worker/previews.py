"""Pictures of the step a job is at: drawn beside the run, never faster than anybody can look."""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Callable

import PIL.Image

from blockloom.execution.events import StepPreview
from blockloom.jobs.messages import JobPreview

_log = logging.getLogger("blockloom.worker")
_QUALITY = 80


class PreviewSender:
    """Draws and sends the newest preview at most every ``interval`` seconds; older ones go unseen.

    ``side`` limits the longer side in pixels.
    """

    def __init__(
        self, send: Callable[[JobPreview, bytes], None], interval: float, side: int
    ) -> None:
        self._send = send
        self._interval = interval
        self._side = side
        self._newest: tuple[str, StepPreview] | None = None
        self._is_drawing = False
        self._changed = threading.Condition()
        threading.Thread(target=self._send_all, name="previews", daemon=True).start()

    def offer(self, job_id: str, preview: StepPreview) -> None:
        """Show this one, if its turn comes before that of the next."""
        with self._changed:
            self._newest = (job_id, preview)
            self._changed.notify_all()

    def stop(self) -> None:
        """Drop what waits, and wait for what is being drawn: nothing comes after this."""
        with self._changed:
            self._newest = None
            self._changed.wait_for(lambda: not self._is_drawing, timeout=5.0)

    def _send_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._newest is not None)
                found, self._newest = self._newest, None
                self._is_drawing = True
            try:
                if found is not None:
                    self._draw(*found)
            except Exception:
                # A picture to look at in passing is not worth a job.
                _log.warning("A preview could not be drawn.", exc_info=True)
            finally:
                found = None  # a preview keeps its tensor alive
                with self._changed:
                    self._is_drawing = False
                    self._changed.notify_all()
            time.sleep(self._interval)

    def _draw(self, job_id: str, preview: StepPreview) -> None:
        image = preview.make_image()
        if image is None:
            return
        message: JobPreview = {
            "type": "preview",
            "job_id": job_id,
            "node_id": preview.node_id,
            "index": preview.done,
            "total": preview.total,
            "has_blob": True,
        }
        self._send(message, as_jpeg(image, self._side))


def as_jpeg(image: PIL.Image.Image, side: int) -> bytes:
    """A picture as JPEG, its longer side at most ``side``."""
    shown = image.convert("RGB")
    shown.thumbnail((side, side))
    buffer = io.BytesIO()
    shown.save(buffer, format="JPEG", quality=_QUALITY)
    return buffer.getvalue()
