"""A JSON API with Starlette."""

import isospin
from greetings import Invalid, greeting, greetings
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


async def greet(request: Request) -> Response:
    return JSONResponse({"greeting": greeting(request.path_params["name"])})


async def greet_often(request: Request) -> Response:
    try:
        wish = await request.json()
    except ValueError:
        raise HTTPException(400, "the body is not JSON") from None
    try:
        return JSONResponse({"greetings": greetings(wish)})
    except Invalid as error:
        raise HTTPException(422, str(error)) from None


async def failed(_: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)
    return JSONResponse({"error": "internal error"}, 500)


app = Starlette(
    routes=[
        Route("/greetings/{name}", greet, methods=["GET"]),
        Route("/greetings", greet_often, methods=["POST"]),
    ],
    exception_handlers={HTTPException: failed, Exception: failed},
)
handle = isospin.asgi(app)
