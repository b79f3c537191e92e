import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptCertificate } from '../../../stand-ins/certificate/kept-certificate.ts';

const now = new Date();
const inDays = (days: number) => new Date(now.getTime() + days * 24 * 3_600_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certificate-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('is for localhost and both loopback addresses, signs no other, and its key is its owner’s alone', async () => {
  const { certificate, file } = await keptCertificate(folder, now);
  const read = new X509Certificate(certificate);
  expect(read.subjectAltName?.split(', ').sort()).toEqual([
    'DNS:localhost',
    'IP Address:0:0:0:0:0:0:0:1',
    'IP Address:127.0.0.1',
  ]);
  expect(read.ca).toBe(false);
  expect(read.subject).toBe(read.issuer);
  expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(Date.parse(read.validTo) - Date.parse(read.validFrom)).toBeLessThanOrEqual(397 * 24 * 3_600_000);
  expect(readFileSync(file, 'utf8')).toBe(certificate);
  expect(statSync(join(folder, 'https-key.pem')).mode & 0o777).toBe(0o600);
});

test('is the same at the next start, and another where it ends soon, is spoiled, or its key is another’s', async () => {
  const first = await keptCertificate(folder, now);
  expect(await keptCertificate(folder, inDays(300))).toEqual(first);
  const second = await keptCertificate(folder, inDays(380));
  expect(second.certificate).not.toBe(first.certificate);
  writeFileSync(join(folder, 'https-key.pem'), first.key);
  const third = await keptCertificate(folder, inDays(380));
  expect(third.certificate).not.toBe(second.certificate);
  writeFileSync(third.file, 'nothing');
  expect((await keptCertificate(folder, inDays(380))).certificate).not.toBe(third.certificate);
});

test.each(['localhost', '127.0.0.1'])(
  'is trusted by whoever trusts its file, at %s, and by nobody else',
  async (host) => {
    const { certificate, key } = await keptCertificate(folder, now);
    const server = createServer({ cert: certificate, key }, (_, response) => response.end('here')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ask = (ca?: string): Promise<unknown> =>
      new Promise((resolve) => {
        request({ host, port, agent: false, ...(ca !== undefined && { ca }) }, (response) => {
          resolve(response.statusCode);
          response.resume();
        })
          .on('error', (error) => {
            resolve('code' in error ? error.code : error);
          })
          .end();
      });
    expect(await ask(certificate)).toBe(200);
    expect(await ask()).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    server.close();
  },
);
