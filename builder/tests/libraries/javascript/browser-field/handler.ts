// A package below this one has its field `browser` say what to take in place of Node's `util`.
import qs from "qs";

export default {
  fetch: (request: Request) => Response.json(qs.parse(new URL(request.url).search, { ignoreQueryPrefix: true })),
};
