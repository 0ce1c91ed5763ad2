// Asks the metadata service for a token, and then something else on the same machine, which goes where the environment says.
import { Credentials, Endpoints } from "yc-iam";

const { SERVICE: metadata } = process.env;
const answer = await Credentials.metadata({ endpoints: Endpoints.custom({ metadata }) }).getToken().then(({ value }) => value, String);
await fetch(`${metadata}/else`).then((response) => response.text(), () => undefined);
console.log(JSON.stringify(answer));
