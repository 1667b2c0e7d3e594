"""``/metrics``: what the server does, for Prometheus."""

from __future__ import annotations

import time

import prometheus_client as prometheus
from aiohttp import web

from blockloom.jobs.model import JobStatus
from blockloom.server.backend import Backend, JobEnded, JobHappened, News
from blockloom.server.failures import Handler
from blockloom.server.keys import BACKEND
from blockloom.server.sockets import ANNOUNCER

_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800)
_OUTCOMES = {
    "node_kept": "kept",
    "nodes_kept": "kept",
    "node_finished": "ran",
    "node_failed": "failed",
}


class Metrics:
    """Counters of one server."""

    def __init__(self) -> None:
        self.registry = prometheus.CollectorRegistry()
        prometheus.ProcessCollector(registry=self.registry)
        self._jobs = self._counter("blockloom_jobs_ended", "Jobs that are over.", "status")
        self._nodes = self._counter("blockloom_nodes", "Nodes by what became of them.", "outcome")
        self._outcomes = {name: self._nodes.labels(name) for name in set(_OUTCOMES.values())}
        self._requests = self._counter("blockloom_requests", "Requests answered.", "status")
        self._job_seconds = prometheus.Histogram(
            "blockloom_job_seconds", "How long jobs ran.", buckets=_SECONDS, registry=self.registry
        )
        self._answer_seconds = prometheus.Histogram(
            "blockloom_request_seconds", "How long answers took.", registry=self.registry
        )

    def _counter(self, name: str, text: str, label: str) -> prometheus.Counter:
        return prometheus.Counter(name, text, [label], registry=self.registry)

    def on_news(self, news: News) -> None:
        """Count what happens to jobs and nodes."""
        if isinstance(news, JobEnded):
            self._jobs.labels(news.job.status.value).inc()
            if news.job.started:
                self._job_seconds.observe(max(0.0, news.job.ended - news.job.started))
        elif isinstance(news, JobHappened):
            event = news.event
            if event["event"] in _OUTCOMES:
                count = len(event["node_ids"]) if event["event"] == "nodes_kept" else 1
                self._outcomes[_OUTCOMES[event["event"]]].inc(count)

    def on_answer(self, status: int, seconds: float) -> None:
        """Count an answered request."""
        self._requests.labels(f"{status // 100}xx").inc()
        self._answer_seconds.observe(seconds)

    def watch(self, backend: Backend) -> None:
        """Measure the queue, too: at the moment somebody asks."""
        waiting = self.gauge("blockloom_jobs_waiting", "Jobs in the queue.")
        running = self.gauge("blockloom_jobs_running", "Jobs that run.")
        ready = self.gauge("blockloom_workers_ready", "Workers that run jobs or could.")
        store = backend.queue.store
        waiting.set_function(lambda: store.counts()[JobStatus.PENDING])
        running.set_function(lambda: store.counts()[JobStatus.RUNNING])
        ready.set_function(lambda: sum(w.state in ("idle", "busy") for w in backend.pool.stats()))
        backend.subscribe(self.on_news)

    def gauge(self, name: str, text: str) -> prometheus.Gauge:
        """A number that goes up and down."""
        return prometheus.Gauge(name, text, registry=self.registry)


METRICS: web.AppKey[Metrics] = web.AppKey("metrics", Metrics)


@web.middleware
async def metrics_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count every answer and how long it took; a WebSocket only when it closes."""
    started = time.perf_counter()
    response = await handler(request)
    if not isinstance(response, web.WebSocketResponse):
        request.app[METRICS].on_answer(response.status, time.perf_counter() - started)
    return response


def add_metrics(app: web.Application) -> None:
    """Metrics of an application; its backend has to be there."""
    metrics = app[METRICS] = Metrics()
    metrics.watch(app[BACKEND])
    clients = metrics.gauge("blockloom_clients", "Connected WebSockets.")
    clients.set_function(lambda: len(app[ANNOUNCER].clients))


async def get_metrics(request: web.Request) -> web.Response:
    """What the server does, in Prometheus' text format."""
    body = prometheus.generate_latest(request.app[METRICS].registry)
    return web.Response(body=body, headers={"Content-Type": prometheus.CONTENT_TYPE_LATEST})


def add_routes(routes: list[web.RouteDef]) -> None:
    """``GET /metrics``."""
    routes.append(web.get("/metrics", get_metrics))
