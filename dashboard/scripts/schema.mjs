// Writes lib/schema.d.ts from the contract. Inside the repository the contract is ../api/openapi.yaml; where the folder
// was deployed alone there is no contract to compare with, and the committed types are what the build uses.
// With --check it fails when the committed file differs instead of writing it.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const contract = new URL("../../api/openapi.yaml", import.meta.url);
const target = new URL("../lib/schema.d.ts", import.meta.url);
const check = process.argv.includes("--check");

if (!existsSync(contract)) {
  console.log("schema: no contract beside this folder, keeping lib/schema.d.ts");
} else {
  const header = "// Made from api/openapi.yaml by `npm run gen`. Do not edit.\n\n";
  const types = header + astToString(await openapiTS(contract, { alphabetize: true, defaultNonNullable: false }));
  const committed = existsSync(target) ? readFileSync(target, "utf8") : "";
  if (types !== committed) {
    if (check) {
      console.error("schema: lib/schema.d.ts does not match api/openapi.yaml; run `npm run gen` and commit it");
      process.exit(1);
    }
    writeFileSync(target, types);
  }
}
