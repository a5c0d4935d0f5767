// componentize.mjs SOURCE WIT WORLD OUTPUT: what componentize-js makes of a script.
import { readFile, writeFile } from "node:fs/promises";
import { componentize } from "@bytecodealliance/componentize-js";

const [source, witPath, worldName, output] = process.argv.slice(2);
const { component } = await componentize(await readFile(source, "utf8"), { witPath, worldName });
await writeFile(output, component);
