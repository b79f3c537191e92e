import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../kept/replace-file.ts';

/** What the app's https is served with on this machine. */
export interface Certificate {
  /** Both in PEM. */
  readonly certificate: string;
  readonly key: string;
  /** Of the certificate, for those who are to trust it. */
  readonly file: string;
}

const DAY_MS = 24 * 3_600_000;
/** Some clients trust none that is valid for longer. */
const VALID_DAYS = 397;
/** One that ends sooner is replaced at a start, so that it does not end while the app runs. */
const LEAST_DAYS = 30;

/**
 * The certificate that is kept in the folder, and its key, which only its owner can read; made where there is none that
 * holds. It is good for loopback alone and signs no other: whoever trusts it trusts this app, and nothing else.
 */
export async function keptCertificate(folder: string, now: Date): Promise<Certificate> {
  const file = join(folder, 'https-certificate.pem');
  const keyFile = join(folder, 'https-key.pem');
  const kept = { certificate: readText(file), key: readText(keyFile) };
  if (isUsable(kept.certificate, kept.key, now)) return { ...kept, file };
  const made = await makeCertificate(now);
  replaceFile(keyFile, made.key);
  replaceFile(file, made.certificate);
  return { ...made, file };
}

async function makeCertificate(now: Date): Promise<Pick<Certificate, 'certificate' | 'key'>> {
  // Loaded by the one start in a year that needs it.
  const { generate } = await import('selfsigned');
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // Clocks of this machine and of a virtual one on it can differ.
    notBeforeDate: new Date(now.getTime() - DAY_MS),
    notAfterDate: new Date(now.getTime() + VALID_DAYS * DAY_MS - DAY_MS),
    // No key usage: of a certificate that signs itself, OpenSSL would want that it may sign.
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { certificate: cert, key };
}

function isUsable(certificate: string, key: string, now: Date): boolean {
  try {
    const read = new X509Certificate(certificate);
    const left = Date.parse(read.validTo) - now.getTime();
    return left > LEAST_DAYS * DAY_MS && read.checkPrivateKey(createPrivateKey(key));
  } catch {
    // Whatever is in the files, a new pair mends it.
    return false;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
