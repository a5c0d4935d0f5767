"""The guest of the conformance suite: GUEST.md says what each route must do."""

import failures
import outbound
import responses
import seen
import surroundings
from answers import text
from isospin import Request, Response

ROUTES = {
    **seen.ROUTES,
    **responses.ROUTES,
    **failures.ROUTES,
    **surroundings.ROUTES,
    **outbound.ROUTES,
}


async def handle(request: Request) -> Response:
    _, name, *rest = request.path.split("/")
    route = ROUTES.get(name)
    if route is None:
        return text("no such route\n", 404)
    answer = route(request, "/".join(rest))
    return answer if isinstance(answer, Response) else await answer
