import { formatResourceId, type ResourceId, sameResource } from '../../arm/resource-id.ts';
import type { FieldError } from '../problem.ts';
import type { Side } from './side.ts';
import type { NamedSides, Sides } from './sides.ts';
import { readTypedResourceId } from './typed-resource-id.ts';
import { textOf, type WrittenBody } from './written-body.ts';

/** What the rules look at. A field with a fault of its own has said so already. */
interface View {
  /** As they were written. */
  readonly source: Record<string, unknown>;
  readonly destination: Record<string, unknown>;
  /** As they were read. */
  readonly from: Side;
  readonly to: Side;
  readonly uri: { readonly scheme: string; readonly port?: number | undefined } | undefined;
  readonly protocol: unknown;
  readonly httpConfiguration: unknown;
  readonly networkWatcher: ResourceId | undefined;
}

type Rule = (view: View) => FieldError | undefined;

/** The rules between fields: what careful clients of Azure check before they ask, and what keeps policy decidable. */
export function crossFieldErrors(written: WrittenBody, named: NamedSides, sides: Sides): FieldError[] {
  const { source, destination, protocol, protocolConfiguration, networkWatcher } = written;
  const { source: from, destination: to } = sides;
  const watcher = readTypedResourceId(textOf(networkWatcher) ?? '');
  const view: View = {
    ...{ source, destination, from, to, protocol },
    uri: to.address?.kind === 'uri' ? to.address : undefined,
    httpConfiguration: protocolConfiguration['HTTPConfiguration'],
    networkWatcher: typeof watcher === 'string' ? undefined : watcher,
  };
  return [
    ...unknownName('source', source, named.source),
    ...unknownName('destination', destination, named.destination),
    ...rules.flatMap((rule) => rule(view) ?? []),
  ];
}

function unknownName(side: string, written: Record<string, unknown>, named: Side | undefined): FieldError[] {
  if (named || textOf(written['endpoint']) === undefined) return [];
  return [invalid(`${side}.endpoint`, 'The policy has no endpoint of that name; GET /api/me lists yours.')];
}

const rules: readonly Rule[] = [
  ({ source }) =>
    given(source, ['resourceId', 'endpoint', 'name']) === 1 || source['address'] !== undefined
      ? undefined
      : invalid('source', 'Give exactly one of source.resourceId, source.endpoint and source.name.'),
  ({ destination }) =>
    given(destination, ['resourceId', 'address', 'endpoint', 'name']) === 1
      ? undefined
      : invalid(
          'destination',
          'Give exactly one of destination.resourceId, destination.address, destination.endpoint and destination.name.',
        ),
  ({ source, from }) =>
    source['endpoint'] !== undefined && from.address && !from.resource
      ? invalid('source.endpoint', 'This endpoint is an address; a source is a resource.')
      : undefined,
  ({ from, to }) =>
    from.resource && to.resource && sameResource(formatResourceId(from.resource), formatResourceId(to.resource))
      ? invalid('destination.resourceId', 'Source and destination are the same resource: give another destination.')
      : undefined,
  ({ to, uri, protocol, destination }) =>
    protocol === 'Icmp' ||
    uri !== undefined ||
    isLikeUri(destination['address']) ||
    given(destination, ['resourceId', 'address', 'endpoint', 'name']) === 0 ||
    (to.port ?? 0) !== 0
      ? undefined
      : invalid(
          'destination.port',
          'Give a port from 1 to 65535: only Icmp, and an address that is a URI, can do without one.',
        ),
  ({ httpConfiguration, protocol }) =>
    httpConfiguration === undefined || protocol === 'Http' || protocol === 'Https'
      ? undefined
      : invalid('protocolConfiguration.HTTPConfiguration', 'An HTTP configuration needs the protocol Http or Https.'),
  // Azure follows the URI, the policy's ports and protocols would be held against the member: they must agree.
  ({ uri, protocol }) =>
    uri === undefined || protocol === undefined || (textOf(protocol) ?? '').toLowerCase() === uri.scheme
      ? undefined
      : invalid(
          'protocol',
          `The address is an ${uri.scheme} URI: give the protocol that belongs to it, or a host name.`,
        ),
  ({ uri, to }) =>
    uri?.port === undefined || (to.port ?? 0) === 0 || to.port === uri.port
      ? undefined
      : invalid('destination.port', 'The URI names another port: give the port in one place.'),
  ({ destination, to }) =>
    destination['endpoint'] === undefined || destination['port'] === undefined || destination['port'] === to.port
      ? undefined
      : invalid('destination.port', `The endpoint has port ${to.port ?? ''}: leave the port out.`),
  ({ networkWatcher, from }) =>
    !networkWatcher || !from.resource || networkWatcher.subscriptionId === from.resource.subscriptionId
      ? undefined
      : invalid('networkWatcher', 'The network watcher must be in the subscription of the source.'),
];

const isLikeUri = (address: unknown): boolean => /^https?:/i.test(textOf(address) ?? '');

const given = (side: Record<string, unknown>, names: readonly string[]): number =>
  names.filter((name) => side[name] !== undefined).length;

const invalid = (target: string, message: string): FieldError => ({ code: 'InvalidValue', message, target });
