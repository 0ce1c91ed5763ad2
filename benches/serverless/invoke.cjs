// Calls a function of the current folder once, as the services do: arguments are the entry point, the event and the context's token, as JSON.
const path = require("node:path");

const [entryPoint, event, token] = process.argv.slice(2);
const [file, name] = entryPoint.split(".");

async function main() {
  const { [name]: handler } = await import(path.resolve(`${file}.js`));
  const answer = await handler(JSON.parse(event), { token: JSON.parse(token) });
  const { keys } = answer.body === undefined ? answer : JSON.parse(answer.body);
  if (keys.join() !== "user") throw new Error(`unexpected: ${JSON.stringify(answer)}`);
  // As a service sees it: the answer is there, whatever connection is still open.
  process.exit();
}

main();
