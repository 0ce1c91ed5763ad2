import { call, type CoreEndpoints } from "./core.js";
import { type Variables, variables } from "./files.js";
import { holder, text, unexpected } from "./given.js";

/** Base URLs of services that are elsewhere. */
export interface EndpointOverrides {
  /** Identity and Access Management. */
  iam?: string | undefined;
  /** The token exchange for workload identities. */
  auth?: string | undefined;
  /** The metadata service. */
  metadata?: string | undefined;
  /** Lockbox's payload API. */
  lockbox?: string | undefined;
  /** The Operation API. */
  operation?: string | undefined;
  /** The JWT's audience, where it is not the URL that the JWT is sent to. */
  audience?: string | undefined;
}

let open: (endpoints: unknown) => CoreEndpoints;

/** Where each service lives: one profile for each installation, so that URLs and the JWT's audience change together. */
export class Endpoints {
  static {
    open = (endpoints) => {
      if (typeof endpoints === "object" && endpoints !== null && #core in endpoints) return endpoints.#core;
      const remedy = holder(endpoints) === undefined ? ": make them by `Endpoints.custom({ iam: … })`, `Endpoints.allAt(url)` or the like" : "";
      throw unexpected("endpoints", `is no \`Endpoints\` of this copy of yc-iam${remedy}`, endpoints);
    };
  }

  readonly #core: CoreEndpoints;
  /** Base URL of Identity and Access Management. */
  readonly iam: string;
  /** Base URL of the token exchange for workload identities. */
  readonly auth: string;
  /** Base URL of the metadata service. */
  readonly metadata: string;
  /** Base URL of Lockbox's payload API. */
  readonly lockbox: string;
  /** Base URL of the Operation API. */
  readonly operation: string;
  /** The JWT's audience. */
  readonly audience: string;

  private constructor(core: CoreEndpoints) {
    this.#core = core;
    const described = call(() => core.describe()) as Record<keyof EndpointOverrides, string>;
    this.iam = described.iam;
    this.auth = described.auth;
    this.metadata = described.metadata;
    this.lockbox = described.lockbox;
    this.operation = described.operation;
    this.audience = described.audience;
  }

  /** Yandex Cloud. */
  static default(): Endpoints {
    return new Endpoints(call((core) => core.Endpoints.global()));
  }

  /** Yandex Cloud Kazakhstan. */
  static kazakhstan(): Endpoints {
    return new Endpoints(call((core) => core.Endpoints.kazakhstan()));
  }

  /**
   * Yandex Cloud with some services elsewhere.
   *
   * @throws {YcIamError} `invalid_endpoint` for what is not a base URL; `insecure_endpoint` for plain `http`, except on a
   *   loopback address and the metadata service's own.
   */
  static custom(overrides: EndpointOverrides): Endpoints {
    refuseHolder(overrides);
    return new Endpoints(call((core) => core.Endpoints.custom(overrides)));
  }

  /**
   * Every service at one base URL: an emulator.
   *
   * @throws {YcIamError} as `custom` does.
   */
  static allAt(url: string): Endpoints {
    return new Endpoints(call((core) => core.Endpoints.allAt(text("url", url))));
  }

  /**
   * What the environment asks for; `environment` is an object like `process.env`, by default the platform's own.
   *
   * `YC_IAM_ENDPOINT` puts every service at one base URL, such as an emulator's. `YC_ENDPOINT` chooses the installation:
   * `api.cloud.yandex.net:443` or `api.yandexcloud.kz:443`. `YC_METADATA_ADDR` is the metadata service's URL, or
   * its host, which stands for `http` there: a loopback address, `localhost` or `169.254.169.254`.
   *
   * @throws {YcIamError} as `custom` does.
   */
  static fromEnv(environment: Variables = variables()): Endpoints {
    return new Endpoints(call((core) => core.Endpoints.fromEnv(environment)));
  }

  /**
   * These endpoints with some services elsewhere.
   *
   * @throws {YcIamError} as `custom` does.
   */
  with(overrides: EndpointOverrides): Endpoints {
    refuseHolder(overrides);
    return new Endpoints(call(() => this.#core.with(overrides)));
  }
}

/** As an object it would override nothing: every service would be the real one. */
function refuseHolder(overrides: unknown): void {
  if (holder(overrides) !== undefined) throw unexpected("overrides", "is not an object of URLs", overrides);
}

/** @internal */
export function coreEndpoints(endpoints: Endpoints): CoreEndpoints {
  return open(endpoints);
}
