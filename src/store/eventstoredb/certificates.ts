import { readFileSync } from 'node:fs';
import { Unavailable } from '../store';
import type { Address } from './address';

/** Reads the certificate files of a TLS connection. Throws Unavailable, naming the file that cannot be read. */
export function certificatesOf({ tls, caFile, certificate }: Address) {
  return {
    insecure: !tls,
    ...(caFile === undefined ? {} : { rootCertificate: fileOf(caFile) }),
    ...(certificate === undefined
      ? {}
      : { userCertFile: fileOf(certificate.certFile), userKeyFile: fileOf(certificate.keyFile) }),
  };
}

function fileOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Unavailable(`the certificate file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
