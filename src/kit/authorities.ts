import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { uselessAuthorities } from './wire-trouble.ts';

/** Those of the file beside Node's own, read again when the file has changed; nothing without a file. */
export function authoritiesOf(file: string | undefined): () => Promise<SecureContext | undefined> {
  let known: { readonly context: SecureContext; readonly mark: string } | undefined;
  return async () => {
    if (file === undefined) return undefined;
    const mark = await markOf(file);
    if (known?.mark === mark) return known.context;
    known = { context: contextOf(file, await readFile(file, 'utf8').catch(refuse(file))), mark };
    return known.context;
  };
}

async function markOf(file: string): Promise<string> {
  const { mtimeMs, ino, size } = await stat(file).catch(refuse(file));
  return `${mtimeMs}-${ino}-${size}`;
}

function contextOf(file: string, pem: string): SecureContext {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw uselessAuthorities(file, 'holds no certificate in PEM');
  try {
    return createSecureContext({ ca: [...rootCertificates, ...certificates] });
  } catch {
    throw uselessAuthorities(file, 'holds a certificate that cannot be read');
  }
}

function refuse(file: string): (error: unknown) => never {
  return (error) => {
    const { code } = error as { readonly code?: unknown };
    throw uselessAuthorities(file, `cannot be read (${typeof code === 'string' ? code : 'unknown reason'})`);
  };
}
