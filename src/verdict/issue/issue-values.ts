import type { ConnectivityIssue } from '../../arm/connectivity-information.ts';
import type { Flow } from '../words/flow.ts';
import type { IssueCondition } from './issue-meanings.ts';
import { actionByName } from './action-by-name.ts';
import { isHttp } from '../words/flow.ts';
import { plainText } from '../words/plain-text.ts';
import { resourceName } from '../words/resource-name.ts';

const MAX_WORD = 80;
const MAX_NAMES = 10;

/** What Azure's context tells of an issue, under whatever of these names: the recorded ones are RuleName and RouteType. */
interface Context {
  /** As Azure writes it: `UserRule_DenySsh`. */
  readonly rule: string;
  readonly nsg: string;
  readonly appliedTo: string;
  readonly route: string;
  readonly routeTable: string;
  readonly routeType: string;
  readonly nextHop: string;
  readonly statusCode: string;
}

export function contextOf({ context }: ConnectivityIssue): Context {
  const told = (pattern: RegExp): string => {
    const values = context.filter(({ key }) => pattern.test(key ?? '')).map(({ value }) => value ?? '');
    return plainText(values.filter(Boolean).slice(0, MAX_NAMES).join(', '), 2 * MAX_WORD);
  };
  return {
    rule: told(/^(?:security)?rulename$/i),
    nsg: nameIn(told(/^(?:nsg|networksecuritygroup)(?:name|id|resourceid)?$/i)),
    appliedTo: appliedTo(told(/^(?:appliedto|subnet|nic|networkinterface)(?:name|id|resourceid)?$/i)),
    route: told(/^routename$/i),
    routeTable: nameIn(told(/^routetable(?:name|id|resourceid)?$/i)),
    routeType: told(/^routetype$/i),
    nextHop: told(/^nexthop(?:type|ipaddress|address)?$/i),
    statusCode: told(/^(?:http|response)?statuscode$/i),
  };
}

/** Whether a row of the table is about this issue of this check. */
export function holds(condition: IssueCondition | undefined, { rule, routeType }: Context, flow: Flow): boolean {
  switch (condition) {
    case undefined:
      return true;
    case 'allow rule':
      return actionByName(rule) === 'allows';
    case 'deny rule':
      return actionByName(rule) === 'denies';
    case 'system route':
      return /^(?:system|default)/i.test(routeType);
    case 'source port':
      return flow.sourcePort !== undefined;
    case 'HTTP':
      return isHttp(flow);
  }
}

/** What the `{places}` in the texts of an issue stand for. */
export function issueValues(issue: ConnectivityIssue, flow: Flow, context: Context) {
  const origin = issue.origin?.trim().toLowerCase() ?? '';
  return {
    what: flow.what,
    sourcePort: String(flow.sourcePort ?? ''),
    validStatusCodes: flow.validStatusCodes,
    statusCode: statusCodeInWords(context.statusCode),
    type: plainText(issue.type ?? '', MAX_WORD) || 'without a name',
    direction: origin === 'inbound' || origin === 'outbound' ? ` ${origin}` : '',
    nsgRule: ruleInWords(context.rule),
    nsg: aside([context.nsg && `in NSG ${context.nsg}`, context.appliedTo && `applied to the ${context.appliedTo}`]),
    route: routeInWords(context),
    nextHop: aside([
      context.routeTable && `route table ${context.routeTable}`,
      context.nextHop && `next hop ${context.nextHop}`,
    ]),
  };
}

// Azure marks whose rule it is: https://learn.microsoft.com/azure/network-watcher/diagnose-network-security-rules
function ruleInWords(rule: string): string {
  const name = rule.replace(/^(?:UserRule_|DefaultRule_|securityRules\/|defaultSecurityRules\/)/i, '');
  if (name === '') return 'an NSG rule';
  return /^default/i.test(rule) && name !== rule ? `the default NSG rule "${name}"` : `NSG rule "${name}"`;
}

const statusCodeInWords = (code: string): string =>
  /^[1-5]\d\d$/.test(code) ? `status code ${code}` : 'a status code';

function routeInWords({ route, routeType }: Context): string {
  const kind = /^(?:system|default)/i.test(routeType) ? 'system route' : 'user-defined route (UDR)';
  return route === '' ? `a ${kind}` : `the ${kind} "${route}"`;
}

const aside = (parts: readonly string[]): string =>
  parts
    .filter(Boolean)
    .map((part) => `, ${part}`)
    .join('');

function appliedTo(id: string): string {
  const subnet = /\/subnets\/([^/]+)/i.exec(id)?.[1];
  if (subnet !== undefined) return `subnet ${subnet}`;
  return /\/networkInterfaces\//i.test(id) ? `NIC ${resourceName(id)}` : id;
}

const nameIn = (text: string): string => (text.startsWith('/') ? resourceName(text) : text);
