import { Credentials } from "yc-iam";

const creds = Credentials.serviceAccount("key.json");
const token = await creds.getToken(); // cached, renewed when needed; call it each time
console.log("good until", token.expiresAt, "(seconds since the epoch)");
const headers = { authorization: await creds.authorization() }; // for any call to Yandex Cloud
