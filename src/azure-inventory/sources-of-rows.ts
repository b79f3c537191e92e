import { foldCase } from '../arm/fold-case.ts';
import { formatResourceId, parseResourceId, type ResourceId } from '../arm/resource-id.ts';
import type { Source, SourceState } from '../contract/answer/source.ts';
import { region } from '../network-watcher/region.ts';
import { nameOf } from '../sources/name-of.ts';
import { addressesOf, isAgent, isAgentType, type Row } from './row.ts';
import { stateOfPower, stateOfService } from './state-of.ts';

const kinds: ReadonlyMap<string, Source['kind']> = new Map([
  ['microsoft.compute/virtualmachines', 'virtualMachine'],
  ['microsoft.compute/virtualmachinescalesets/virtualmachines', 'scaleSetInstance'],
  ['microsoft.network/bastionhosts', 'bastionHost'],
  ['microsoft.network/applicationgateways', 'applicationGateway'],
]);

/** Sources, put together from rows: a machine's extensions, interfaces and watcher are resources of their own. */
export function sourcesOfRows(rows: readonly Row[]): readonly Source[] {
  const parts = partsOf(rows);
  const sources = rows.flatMap((row) => sourceOf(row, parts) ?? []);
  return [...new Map(sources.map((source) => [foldCase(source.resourceId), source])).values()];
}

/** By ids in one spelling, because Azure's index has them in any. */
interface Parts {
  readonly withAgent: ReadonlySet<string>;
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** `{subscription}/{region}` */
  readonly watched: ReadonlySet<string>;
}

function partsOf(rows: readonly Row[]): Parts {
  const withAgent = new Set<string>();
  const addresses = new Map<string, readonly string[]>();
  const watched = new Set<string>();
  for (const row of rows) {
    const { id, type } = row;
    if (type === 'microsoft.compute/virtualmachines/extensions' && isAgentType(row.extension))
      withAgent.add(before(id, '/extensions/'));
    if (row.model.some(({ properties }) => isAgent(properties?.publisher, properties?.type)))
      withAgent.add(foldCase(id));
    if (type.endsWith('/networkinterfaces')) {
      const machine = row.machine ? foldCase(row.machine) : before(id, '/networkinterfaces/');
      addresses.set(machine, [...(addresses.get(machine) ?? []), ...addressesOf(row)]);
    }
    if (type === 'microsoft.network/networkwatchers') watched.add(regionKey(parseResourceId(id), row));
  }
  return { withAgent, addresses, watched };
}

const before = (id: string, mark: string): string => foldCase(id).split(mark)[0] ?? '';

const regionKey = (id: ResourceId | undefined, { location }: Pick<Row, 'location'>): string =>
  `${id?.subscriptionId ?? ''}/${region(location) ?? ''}`;

function sourceOf(row: Row, parts: Parts): Source | undefined {
  const kind = kinds.get(row.type);
  const id = parseResourceId(row.id);
  const place = region(row.location);
  // A gateway of the first version is no source: https://learn.microsoft.com/azure/network-watcher/connection-troubleshoot-overview
  if (!kind || !id || place === undefined || (row.tier && !/_v2$/i.test(row.tier))) return undefined;
  const resourceId = formatResourceId(id);
  const addresses = [...addressesOf(row), ...(parts.addresses.get(foldCase(resourceId)) ?? [])];
  return {
    name: nameOf(id),
    kind,
    resourceId,
    resourceGroup: id.resourceGroup,
    subscription: id.subscriptionId,
    region: place,
    ...(addresses.length > 0 && { addresses: [...new Set(addresses)] }),
    ...stateOf(row, kind, parts),
    watcher: parts.watched.has(regionKey(id, row)) ? 'present' : 'absent',
  };
}

function stateOf(row: Row, kind: Source['kind'], { withAgent }: Parts): Pick<SourceState, 'state' | 'agent'> {
  if (kind === 'bastionHost' || kind === 'applicationGateway')
    return { state: stateOfService(row.operational, row.provisioning), agent: 'present' };
  const owner = kind === 'scaleSetInstance' ? before(row.id, '/virtualmachines/') : foldCase(row.id);
  const known = withAgent.has(foldCase(row.id)) || withAgent.has(owner);
  return { state: stateOfPower(row.power), agent: known ? 'present' : row.isPlain ? 'unknown' : 'absent' };
}
