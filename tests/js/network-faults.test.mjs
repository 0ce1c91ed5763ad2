// By `node:http`.
import { faults } from "./support/faults.mjs";

faults("node");
