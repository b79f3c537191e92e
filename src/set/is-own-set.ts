import type { Caller } from '../contract/requester.ts';
import type { CheckSet } from './state/set.ts';

export const isOwnSet = (caller: Caller, set: CheckSet): boolean => set.caller.requester.id === caller.requester.id;
