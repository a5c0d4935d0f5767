import asyncio
import contextlib
from pathlib import Path

import isospin
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles


async def hello(request):
    return PlainTextResponse(f"hello {request.path_params['name']}\n")


def plain(request):
    return PlainTextResponse(f"plain {request.query_params['a']}\n")


async def json(request):
    return JSONResponse({"got": await request.json()})


async def stream(request):
    async def lines():
        for number in range(3):
            await asyncio.sleep(0.001)
            yield f"line {number}\n"

    return StreamingResponse(lines())


async def started(request):
    return PlainTextResponse(f"{request.state.started}\n", background=BackgroundTask(asyncio.sleep, 0.001))


async def error(request):
    raise ValueError("deliberate error")


@contextlib.asynccontextmanager
async def lifespan(app):
    yield {"started": "with the first request"}


app = Starlette(
    routes=[
        Route("/hello/{name}", hello),
        Route("/plain", plain),
        Route("/json", json, methods=["POST"]),
        Route("/stream", stream),
        Route("/started", started),
        Route("/error", error),
        Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))),
    ],
    lifespan=lifespan,
)
handle = isospin.asgi(app)
