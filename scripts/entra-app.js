// Writes the body of a PATCH to the app registration, from infra/entra-app.json and the registration as it is:
// `node scripts/entra-app.js registration|clients|page|mcp <registration.json> [public URL]`. PATCH replaces lists, so what is there is repeated.
import { readFileSync } from 'node:fs';

const [part, file, publicUrl] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const wanted = read(new URL('../infra/entra-app.json', import.meta.url));
const found = read(file);

/** The Azure CLI and Azure PowerShell, so that they get tokens for the proxy without asking anybody. */
const CLIENTS = ['04b07795-8ddb-461a-bbee-02f9e1bf7b46', '1950a258-227b-4e31-a9cf-717495945fc2'];

/** Ours in place of those of the same key, and all others as they are; Graph gives an `origin` and takes none. */
const merge = (others = [], ours, key) => [
  ...others
    .filter((other) => !ours.some((one) => one[key] === other[key]))
    .map((other) => ({ ...other, origin: undefined })),
  ...ours,
];

const union = (...lists) => [...new Set(lists.flatMap((list) => list ?? []))];

const { appRoles, scope, optionalClaims, publicClient, ...plain } = wanted;
const api = {
  ...found.api,
  requestedAccessTokenVersion: 2,
  oauth2PermissionScopes: merge(found.api?.oauth2PermissionScopes, [scope], 'id'),
};
const base = () => new URL(publicUrl).href.replace(/\/$/, '');
const bodies = {
  registration: () => ({
    ...plain,
    identifierUris: union(found.identifierUris, [`api://${found.appId}`]),
    // The command line, which listens on any port of this machine.
    publicClient: { redirectUris: union(found.publicClient?.redirectUris, publicClient.redirectUris) },
    appRoles: merge(found.appRoles, appRoles, 'id'),
    optionalClaims: {
      ...found.optionalClaims,
      accessToken: merge(found.optionalClaims?.accessToken, optionalClaims.accessToken, 'name'),
    },
    api,
  }),
  clients: () => {
    const ours = CLIENTS.map((appId) => ({ appId, delegatedPermissionIds: [scope.id] }));
    return { api: { ...api, preAuthorizedApplications: merge(found.api?.preAuthorizedApplications, ours, 'appId') } };
  },
  // The page, once its address is known, which may be below a path.
  page: () => ({ spa: { redirectUris: union(found.spa?.redirectUris, [`${base()}/`]) } }),
  // Clients of MCP ask Entra ID for a token for this address, as RFC 8707 has it.
  mcp: () => ({ identifierUris: union(found.identifierUris, [`${base()}/mcp`]) }),
};
process.stdout.write(JSON.stringify(bodies[part]()));
