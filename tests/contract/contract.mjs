// The contract suite against the running server of CAPDO_TEST_URL; started by tests/contract/run.

import { Contract } from "./lib/contract.mjs";
import { controls } from "./lib/controls.mjs";
import { conventions } from "./lib/conventions.mjs";
import { drive } from "./lib/drive.mjs";
import { Report } from "./lib/report.mjs";
import { World } from "./lib/world.mjs";
import { startProvider } from "../support/identity_provider.mjs";

const report = new Report();
const contract = new Contract(process.env.CAPDO_ROOT);
const exchanges = [];
const provider = await startProvider(Number(process.env.CAPDO_TEST_PROVIDER_PORT));
const world = await World.open({ recorder: exchanges });
world.provider = provider;

await conventions(world, report);
await report.test("every operation is driven", () => drive(world, contract));
world.close();
await provider.close();

const findings = exchanges.flatMap((exchange) => contract.check(exchange));
report.say(`${exchanges.length} exchanges, ${contract.operations.length} operations, ${contract.pairs().length} operation/status pairs`);
report.none("every answer is as documented", findings);
report.none("every documented operation and status was seen", contract.unseen());
controls(contract, exchanges, report);
process.exit(report.end());
