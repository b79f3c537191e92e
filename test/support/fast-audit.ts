import { startBlobServer } from '../../stand-ins/storage/start-blob-server.ts';
import { startTableServer } from '../../stand-ins/storage/table-server/start-table-server.ts';
import { azuriteAudit } from './azurite-audit.ts';

// They end with the worker: its test files share this module, so none of them may stop them.
const [blobs, tables] = await Promise.all([startBlobServer(), startTableServer()]);

const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const account = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${key}`;
const services = ['Blob', 'Table'].map((service) => `${service}Endpoint=http://x/devstoreaccount1`).join(';');

/** The audit on servers of this process, for what has to be true on any storage; Azurite looks through a whole table for each row. */
export const fastAudit = (options: Parameters<typeof azuriteAudit>[0] = {}) =>
  azuriteAudit({
    connectionString: tables.connectionString(blobs.connectionString(`${account};${services}`)),
    ...options,
  });
