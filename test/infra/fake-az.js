#!/usr/bin/env node
// Azure's side of the scripts: what `az` would answer, kept in the file $AZ_STATE, and every call noted there.
import { readFileSync, writeFileSync } from 'node:fs';

const state = JSON.parse(readFileSync(process.env.AZ_STATE, 'utf8'));
const args = process.argv.slice(2);
const option = (name) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : undefined);
const list = args.includes('--headers') ? args.slice(args.indexOf('--headers') + 1) : [];
const words = args.slice(
  0,
  args.findIndex((arg) => arg.startsWith('--')),
);
const said = (value) => (value === undefined ? '' : typeof value === 'string' ? `${value}\n` : JSON.stringify(value));

const clouds = {
  'endpoints.microsoftGraphResourceId': 'https://graph.microsoft.com/',
  'endpoints.resourceManager': 'https://management.azure.com/',
  'endpoints.activeDirectory': 'https://login.microsoftonline.com',
};

function rest() {
  const method = option('method').toUpperCase();
  const url = option('url').replace(/^https:\/\/[^/]+(\/v1\.0)?/, '');
  const given = option('body');
  const body =
    given === undefined ? undefined : JSON.parse(given.startsWith('@') ? readFileSync(given.slice(1), 'utf8') : given);
  state.calls.push({ method, url, body });
  if (url.startsWith('/subscriptions/')) return vault(method, url, body);
  if (method === 'GET') return graphGet(url);
  // As Microsoft Graph answers whoever does not own the registration.
  if (state.forbidden) return refused('Forbidden({"error":{"code":"Authorization_RequestDenied"}})');
  if (state.unverified && body?.identifierUris?.some((uri) => uri.startsWith('https:')))
    return refused('Bad Request({"error":{"code":"HostNameNotOnVerifiedDomain"}})');
  if (state.broken) return refused('Service Unavailable({"error":{"code":"serviceNotAvailable"}})');
  return method === 'DELETE' ? graphDelete(url) : graphWrite(url, body);
}

function refused(text) {
  process.stderr.write(`ERROR: ${text}\n`);
  process.exitCode = 1;
  return '';
}

function vault(method, url, body) {
  if (method === 'PUT' && url.includes('/callback-secret?')) state.callbackSecret = body.properties.value;
  else if (method === 'PUT') {
    state.secrets.push(body.properties.value);
    state.tags = body.tags;
  }
  if (option('query')?.includes('callback-secret')) return state.callbackSecret && 'callback-secret';
  return method === 'GET' && state.secrets.length > 0 ? { name: 'audit-signing-key', tags: state.tags } : '';
}

function graphGet(url) {
  if (url.includes('appRoleAssignedTo')) return assignments(url);
  if (url.includes('federatedIdentityCredentials')) {
    return state.federated?.[url]?.subject ?? refused('Not Found({"error":{"code":"Request_ResourceNotFound"}})');
  }
  if (url.startsWith('/servicePrincipals')) {
    if (option('query') === 'appRoles[].[id, value]')
      return state.app.appRoles.map(({ id, value }) => `${id}\t${value}`).join('\n');
    const role = /value=='(.*)'/.exec(option('query'))?.[1];
    return role === undefined
      ? 'service-principal-1'
      : (state.app.appRoles.find((one) => one.value === role)?.id ?? '');
  }
  const { appRoles } = state.app;
  return appRoles
    ? { ...state.app, appRoles: appRoles.map((role) => ({ ...role, origin: 'Application' })) }
    : state.app;
}

/** Two a page. */
function assignments(url) {
  const skipped = Number(/skiptoken=(\d+)/.exec(url)?.[1] ?? 0);
  const page = state.assignments.slice(skipped, skipped + 2);
  if (option('query') === '"@odata.nextLink"') {
    const next = skipped + 2;
    return next < state.assignments.length
      ? `https://graph.microsoft.com/v1.0${url.split('?')[0]}?$skiptoken=${next}`
      : '';
  }
  const [, principal, role] = /principalId=='(.*)' && appRoleId=='(.*)'/.exec(option('query')) ?? [];
  if (principal !== undefined)
    return page.find((one) => one.principalId === principal && one.appRoleId === role)?.id ?? '';
  return page
    .map((one) => [one.appRoleId, 'User', `Name of ${one.principalId}`, one.principalId].join('\t'))
    .join('\n');
}

function graphDelete(url) {
  state.assignments = state.assignments.filter(({ id }) => !url.endsWith(`/appRoleAssignedTo/${id}`));
  return '';
}

function graphWrite(url, body) {
  if (url.includes('appRoleAssignedTo')) state.assignments.push({ id: `assignment-${state.calls.length}`, ...body });
  else if (url.includes('federatedIdentityCredentials')) state.federated = { ...state.federated, [url]: body };
  else if (url.startsWith('/servicePrincipals')) state.principal = { ...state.principal, ...body };
  else {
    if (body.appRoles?.some((role) => 'origin' in role)) throw new Error('400');
    if (state.app === null && !list.includes('Prefer=create-if-missing')) throw new Error('404');
    const authorized = body.api?.preAuthorizedApplications ?? [];
    const scopes = (state.app?.api?.oauth2PermissionScopes ?? []).map(({ id }) => id);
    if (authorized.some((one) => one.delegatedPermissionIds.some((id) => !scopes.includes(id)))) throw new Error('400');
    state.app = { appId: '00000000-0000-4000-8000-0000000000aa', ...state.app, ...body };
  }
}

function policy(verb) {
  if (verb === 'show') return option('query') === 'etag' ? state.policy?.etag : (state.policy?.state ?? '');
  if (verb === 'create') state.policy = { state: 'Unlocked', etag: '"1"', period: option('period') };
  if (verb === 'lock' && option('if-match') === state.policy.etag) state.policy.state = 'Locked';
  return '';
}

const commands = {
  'cloud show': () => clouds[option('query')],
  'provider show': () => state.provider,
  'provider register': () => {
    state.provider = 'Registered';
    state.calls.push({ method: words.join(' '), url: option('namespace'), subscription: option('subscription') });
  },
  'functionapp restart': () => {
    state.calls.push({ method: words.join(' '), url: option('name') });
  },
  'account show': () => '00000000-0000-4000-8000-00000000000d',
  'account get-access-token': () => state.token,
  'ad app create': () => 'app-1',
  'ad app credential reset': () => 'secret-1',
  'ad sp create': () => '',
  ...Object.fromEntries(
    ['login', 'identity create', 'identity federated-credential create', 'graph query', 'vm extension set'].map(
      (name) => [name, () => void state.calls.push({ method: name, url: '', args })],
    ),
  ),
  // Object ids: of whom, as they were asked for.
  'ad user show': () => `object-of-${option('id')}`,
  'ad group show': () => `object-of-${option('group')}`,
  'ad sp show': () => `object-of-${option('id')}`,
  'identity show': () => `object-of-${option('name')}`,
  'vm show': () => `object-of-${option('name')}`,
  rest,
};
const command = words.join(' ');
const answer = command.startsWith('storage container immutability-policy') ? policy(words[3]) : commands[command]();
writeFileSync(process.env.AZ_STATE, JSON.stringify(state));
process.stdout.write(option('output') === 'none' ? '' : said(answer));
