import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Client } from '../client/client.ts';
import type { Me } from '../client/answers.ts';

/** What every view works with. */
export interface Proxy {
  readonly client: Client;
  /** Who is signed in, as the proxy told at the start. */
  readonly me: Me;
  /** Address of the proxy, without a slash behind. */
  readonly url: string;
  /** A good token for calls that are no program's; all others are the client's. */
  readonly token: () => Promise<string>;
  /** Leaves for the authority, to sign in anew. */
  readonly signIn: () => Promise<void>;
}

const context = createContext<Proxy | undefined>(undefined);

export const ProxyProvider = context.Provider;

export function useProxy(): Proxy {
  const proxy = useContext(context);
  if (!proxy) throw new Error('This is shown to whoever is signed in.');
  return proxy;
}

/** Signs in anew whoever was signed in; `undefined` where nobody was. */
export const useSignIn = (): Proxy['signIn'] | undefined => useContext(context)?.signIn;

/** Whether the person who is signed in has one of these roles. */
export const hasRole = ({ roles }: Me, ...any: readonly string[]): boolean => any.some((role) => roles.includes(role));
