// Writes the body of a PATCH to the app registration, from infra/entra-app.json and the registration as it is:
// `node scripts/entra-app.js registration|clients <registration.json>`. PATCH replaces lists, so what is there is repeated.
import { readFileSync } from 'node:fs';

const [part, file] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const wanted = read(new URL('../infra/entra-app.json', import.meta.url));
const found = read(file);

/** The Azure CLI, so that `az account get-access-token` gives tokens for the proxy. */
const AZURE_CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

/** Ours in place of those of the same key, and all others as they are; Graph gives an `origin` and takes none. */
const merge = (others = [], ours, key) => [
  ...others
    .filter((other) => !ours.some((one) => one[key] === other[key]))
    .map((other) => ({ ...other, origin: undefined })),
  ...ours,
];

const { appRoles, scope, optionalClaims, ...plain } = wanted;
const api = {
  ...found.api,
  requestedAccessTokenVersion: 2,
  oauth2PermissionScopes: merge(found.api?.oauth2PermissionScopes, [scope], 'id'),
};
const bodies = {
  registration: () => ({
    ...plain,
    identifierUris: [...new Set([...(found.identifierUris ?? []), `api://${found.appId}`])],
    appRoles: merge(found.appRoles, appRoles, 'id'),
    optionalClaims: {
      ...found.optionalClaims,
      accessToken: merge(found.optionalClaims?.accessToken, optionalClaims.accessToken, 'name'),
    },
    api,
  }),
  clients: () => {
    const ours = [{ appId: AZURE_CLI, delegatedPermissionIds: [scope.id] }];
    return { api: { ...api, preAuthorizedApplications: merge(found.api?.preAuthorizedApplications, ours, 'appId') } };
  },
};
process.stdout.write(JSON.stringify(bodies[part]()));
