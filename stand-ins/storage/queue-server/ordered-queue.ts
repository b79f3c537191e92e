export interface Message {
  readonly id: string;
  readonly text: string;
  /** Milliseconds since 1970, as the next. */
  readonly insertedAt: number;
  readonly visibleAt: number;
  readonly receipt: string;
  readonly dequeued: number;
}

/** Messages in the order in which they become visible; those of one moment as they came. */
export interface OrderedQueue {
  readonly size: () => number;
  readonly find: (id: string) => Message | undefined;
  readonly visible: (now: number, atMost: number) => Message[];
  readonly add: (message: Message) => Message;
  readonly remove: (message: Message) => void;
  readonly replace: (message: Message, by: Message) => Message;
}

export function createOrderedQueue(): OrderedQueue {
  const inOrder: Message[] = [];
  const byId = new Map<string, Message>();

  /** Of the first that is visible then or later, or only later. */
  const destinationKey = (time: number, after: boolean): number => {
    let [low, high] = [0, inOrder.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { visibleAt } = inOrder[middle]!;
      if (visibleAt < time || (after && visibleAt === time)) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const add = (message: Message): Message => {
    inOrder.splice(destinationKey(message.visibleAt, true), 0, message);
    byId.set(message.id, message);
    return message;
  };
  const remove = (message: Message): void => {
    inOrder.splice(inOrder.indexOf(message, destinationKey(message.visibleAt, false)), 1);
    byId.delete(message.id);
  };

  return {
    size: () => inOrder.length,
    find: (id) => byId.get(id),
    visible: (now, atMost) => inOrder.slice(0, Math.min(atMost, destinationKey(now, true))),
    add,
    remove,
    replace: (message, by) => {
      remove(message);
      return add(by);
    },
  };
}
