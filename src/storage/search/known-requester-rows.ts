import type { TableClient, TableEntity } from '@azure/data-tables';
import type { AuditEvent } from '../../audit/event.ts';
import { sha256 } from '../../contract/sha256.ts';
import { isGuid } from '../../contract/text/is-guid.ts';
import { foldName, wellFormed } from '../../contract/text/fold-name.ts';
import { requesterInKey, shardOfRequester } from '../table/check-keys.ts';
import { createEntityOnce } from '../table/create-where-missing.ts';

const keyOf = (text: string): string => sha256(text).slice(0, 32);

/** Rows of requesters by what they are called, and by the rules that decided their requests. */
export const knownPrefixes = {
  name: (name: string): string => `known!name!${keyOf(foldName(name))}!`,
  allow: (rule: string): string => `known!allow!${keyOf(rule)}!`,
  deny: (rule: string): string => `known!deny!${keyOf(rule)}!`,
};

/** What an instance has seen to it that it is there; when there are too many, it begins anew. */
const MOST_REMEMBERED = 20_000;

/**
 * Keeps the words by which an event's requester can be looked for, in rows that are written once. An instance writes each
 * when it first meets it, so that a request costs nothing more from then on.
 */
export function rememberRequesters(checks: TableClient): (event: AuditEvent) => Promise<void> {
  const remembered = new Set<string>();

  async function remember(row: TableEntity): Promise<void> {
    if (remembered.has(row.rowKey)) return;
    await createEntityOnce(checks, row);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.add(row.rowKey);
  }

  return async (event) => {
    await Promise.all(rowsOf(event).map(remember));
  };
}

function rowsOf({ requester, decision }: AuditEvent): TableEntity[] {
  const { id, objectId, name, kind } = requester;
  const prefixes = [
    knownPrefixes.name(name),
    // Entra's are, and then say so themselves.
    ...(isGuid(objectId) ? [] : [knownPrefixes.name(objectId)]),
    ...(decision.rule === undefined ? [] : [knownPrefixes[decision.allowed ? 'allow' : 'deny'](decision.rule)]),
  ];
  return prefixes.map((prefix) => ({
    ...{ partitionKey: shardOfRequester(id), rowKey: prefix + requesterInKey(id) },
    ...{ requesterId: id, name: wellFormed(name), kind },
  }));
}
