import { linkIdOf, type Link, type OpenCode } from '../../../src/chat/link/link.ts';
import type { ChatQueue } from '../../../src/chat/ports/chat-queue.ts';
import type { ChatRequests } from '../../../src/chat/ports/chat-requests.ts';
import type { Links } from '../../../src/chat/ports/links.ts';
import { type Addressed, addressedAt, type ChatRequest, lookAtOf } from '../../../src/chat/request.ts';
import { overdueBefore } from '../../../src/check/overdue.ts';
import { nextSweepDue } from '../../../src/check/sweep.ts';

export interface MemoryChatRequests extends ChatRequests {
  readonly rows: () => readonly Addressed[];
}

/** The port's rules without a network; held to the same suite as Azure Table storage. */
export function memoryChatRequests(): MemoryChatRequests {
  const rows = new Map<string, { addressed: Addressed; version: string; lookAt: string; sweeps: number }>();
  let writes = 0;
  const put = (addressed: Addressed) => {
    const { request } = addressed;
    const row = { addressed: structuredClone(addressed), version: String(++writes), lookAt: request.dueAt, sweeps: 0 };
    rows.set(request.id, row);
    return { ...addressed, version: row.version };
  };

  async function* claimOverdue(now: Date): AsyncGenerator<ChatRequest> {
    for (const [id, row] of [...rows]) {
      if (new Date(row.lookAt) >= overdueBefore(now)) continue;
      const addressed = addressedAt(now, row.addressed);
      const lookAt = lookAtOf(addressed, nextSweepDue(now, row.sweeps)).toISOString();
      rows.set(id, { addressed, version: String(++writes), lookAt, sweeps: row.sweeps + 1 });
      yield await Promise.resolve(row.addressed.request);
    }
  }

  return {
    insert: (addressed) => {
      if (rows.has(addressed.request.id)) return Promise.resolve(false);
      put(addressed);
      return Promise.resolve(true);
    },
    find: (id) => {
      const row = rows.get(id);
      return Promise.resolve(row && { ...structuredClone(row.addressed), version: row.version });
    },
    replace: ({ request, version }, next) =>
      Promise.resolve(rows.get(request.id)?.version === version ? put(next) : undefined),
    claimOverdue,
    remove: (id) => {
      rows.delete(id);
      return Promise.resolve();
    },
    rows: () => [...rows.values()].map(({ addressed }) => addressed),
  };
}

export interface MemoryChatQueue extends ChatQueue {
  readonly sent: { readonly chatId: string; readonly delaySeconds: number }[];
}

export function memoryChatQueue(): MemoryChatQueue {
  const sent: MemoryChatQueue['sent'] = [];
  return {
    sent,
    send: (chatId, delaySeconds) => {
      sent.push({ chatId, delaySeconds });
      return Promise.resolve();
    },
  };
}

/** The port's rules without a network; held to the same suite as Azure Table storage. */
export function memoryLinks(): Links {
  const links = new Map<string, { link: Link; version: string }>();
  const codes = new Map<string, { code: OpenCode; version: string }>();
  let writes = 0;
  const stamped = () => String(++writes);
  const all = () => [...links.values()].map((stored) => structuredClone(stored));
  const removeAt = <T extends { readonly version: string }>(from: Map<string, T>, id: string, version: string) => {
    const isMine = from.get(id)?.version === version;
    if (isMine) from.delete(id);
    return Promise.resolve(isMine);
  };
  return {
    find: (account) => Promise.resolve(structuredClone(links.get(linkIdOf(account)))),
    findById: (id) => Promise.resolve(structuredClone(links.get(id))),
    list: (requesterId) =>
      Promise.resolve(
        all().filter(({ link }) => requesterId === undefined || link.caller.requester.id === requesterId),
      ),
    due: (now, most) =>
      Promise.resolve(
        all()
          .filter(({ link }) => link.lookAt <= now.toISOString())
          .slice(0, most),
      ),
    put: (link) => {
      links.set(link.id, { link: structuredClone(link), version: stamped() });
      return Promise.resolve();
    },
    replace: (stored, next) => {
      if (links.get(next.id)?.version !== stored.version) return Promise.resolve(false);
      links.set(next.id, { link: structuredClone(next), version: stamped() });
      return Promise.resolve(true);
    },
    remove: ({ link, version }) => removeAt(links, link.id, version),
    openCode: (code) => {
      codes.set(linkIdOf(code.account), { code: structuredClone(code), version: stamped() });
      return Promise.resolve();
    },
    findCode: (codeHash) => Promise.resolve([...codes.values()].find(({ code }) => code.codeHash === codeHash)),
    useCode: ({ code, version }) => removeAt(codes, linkIdOf(code.account), version),
    forgetCodes: (now) => {
      for (const [id, { code }] of codes) if (code.until < now.toISOString()) codes.delete(id);
      return Promise.resolve();
    },
  };
}
