// The conformance suite takes `globSync` from `fs`, which Node has from version 22 on. It needs it for no server.
import { register } from 'node:module';

const asData = (code) => `data:text/javascript,${encodeURIComponent(code)}`;
const fs = asData("export * from 'node:fs'; export { default } from 'node:fs'; export const globSync = () => [];");
register(
  asData(`export const resolve = (specifier, context, next) =>
    specifier === 'fs' && String(context.parentURL).includes('/conformance/')
      ? { url: ${JSON.stringify(fs)}, shortCircuit: true }
      : next(specifier, context);`),
);
