import { buildSchema, graphql } from "graphql";
const schema = buildSchema("type Query { hello(name: String!): String }");
export default { async fetch(request: Request) {
  const { query } = await request.json() as any;
  return Response.json(await graphql({ schema, source: query, rootValue: { hello: ({ name }: any) => `hello ${name}` } }));
} };
