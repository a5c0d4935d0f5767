import { AutoRouter } from "itty-router";
const router = AutoRouter();
router.get("/hello/:name", ({ params }) => `hello ${params.name}`).get("/json", () => ({ a: 1 }));
export default router;
