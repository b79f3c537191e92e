import Module from 'node:module';

/**
 * Lets `require('@azure/functions-core')` find `core`, the way the Functions worker does it: by standing in front of
 * `Module.prototype.require`. Returns what takes it back.
 */
export function supplyFunctionsCore(core: object): () => void {
  const original: unknown = Reflect.get(Module.prototype, 'require');
  if (typeof original !== 'function')
    throw new Error('This Node.js has no Module.prototype.require: use Node.js 20–24.');
  const standIn = new Proxy(original, {
    apply: (require, self, args): unknown =>
      args[0] === '@azure/functions-core' ? core : Reflect.apply(require, self, args),
  });
  Reflect.set(Module.prototype, 'require', standIn);
  return () => {
    Reflect.set(Module.prototype, 'require', original);
  };
}
