import { z } from "zod";
const schema = z.object({ name: z.string().min(2), age: z.number().int(), mail: z.email().optional() });
export default { async fetch(request: Request) {
  const result = schema.safeParse(await request.json());
  return Response.json(result.success ? result.data : result.error.issues, { status: result.success ? 200 : 400 });
} };
