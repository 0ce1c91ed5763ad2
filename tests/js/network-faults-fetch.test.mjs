// By fetch, which a program has loaded that used anything of it.
import { faults } from "./support/faults.mjs";

new Headers();
faults("fetch");
