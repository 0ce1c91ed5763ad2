// Compiled, not run: the same types for those who require.
import yc = require("yc-iam");
import kit = require("yc-iam/testing");

async function token(): Promise<yc.Token> {
  const emulator: kit.Emulator = await kit.Emulator.start();
  const key: yc.ServiceAccountKey = yc.ServiceAccountKey.fromJson(emulator.serviceAccountKey());
  return yc.Credentials.serviceAccount(key, { endpoints: emulator.endpoints }).getToken();
}

export = token;
