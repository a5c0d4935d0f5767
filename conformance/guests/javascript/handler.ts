// The guest of the conformance suite: GUEST.md says what each route must do.
import * as failures from "./failures";
import * as outbound from "./outbound";
import * as requests from "./requests";
import * as responses from "./responses";
import * as state from "./state";
import { text, type Route } from "./answers";

const routes: Record<string, Route> = {
  ...requests.routes, ...responses.routes, ...failures.routes, ...state.routes, ...outbound.routes,
};

export default {
  fetch(request: Request, environment: unknown, context: { target: string; trailers: Promise<Headers> }) {
    const mark = context.target.indexOf("?");
    const path = mark < 0 ? context.target : context.target.slice(0, mark);
    const query = mark < 0 ? null : context.target.slice(mark + 1);
    const [, name, ...rest] = path.split("/");
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (!route) return text("no such route\n", 404);
    return route({ request, path, query, rest: rest.join("/"), trailers: context.trailers });
  },
};
