import type { FaultKind } from '../domain/fault.ts';

/** What went wrong between us and a cloud, in words that every SDK hands on: some keep nothing of an error but its message. */
export interface WireTrouble {
  readonly kind: FaultKind;
  readonly what: string;
  readonly advice?: string;
}

const CODE = 'EPROXY';

export function proxySilent(proxy: URL, code: string): Error {
  return Object.assign(new Error(`the proxy ${proxy.host} does not answer (${code})`), { code: CODE });
}

export function proxyRefuses(proxy: URL, target: string, status: number): Error {
  const message = `the proxy ${proxy.host} does not connect us to ${target} (status ${status})`;
  return Object.assign(new Error(message), { code: CODE });
}

export function uselessAuthorities(file: string, why: string): Error {
  return Object.assign(new Error(`ca_file ${file} ${why};`), { code: 'ECAFILE' });
}

const SILENT = /the proxy (\S+) does not answer \(([\w ]+)\)/;
const REFUSES = /the proxy (\S+) does not connect us to (\S+) \(status (\d{3})\)/;
const USELESS = /ca_file (.+?);/;
const UNTRUSTED = new Set([
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** OpenSSL's words for these, where an SDK has dropped the code. */
const UNTRUSTED_WORDS =
  /self[- ]signed certificate|unable to get (?:local )?issuer certificate|unable to verify the first certificate/;

const OTHER_NAME = /does not match certificate's altnames/;

/** Undefined when it was something else. Only words that we wrote, codes and host names are taken from the error. */
export function wireTrouble(error: unknown): WireTrouble | undefined {
  const { message, code } = error as { readonly message?: unknown; readonly code?: unknown };
  const text = typeof message === 'string' ? message : '';
  const [, silent, why] = SILENT.exec(text) ?? [];
  if (silent !== undefined) {
    return { kind: 'unreachable', what: `got no answer: the proxy ${silent} does not answer (${why})` };
  }
  const [, refusing, target, status] = REFUSES.exec(text) ?? [];
  if (refusing !== undefined) return refusal(refusing, target ?? '', Number(status));
  const [, file] = USELESS.exec(text) ?? [];
  if (file !== undefined) {
    return { kind: 'misconfigured', what: `was not sent: ca_file ${file}`, advice: 'give it certificates in PEM' };
  }
  if (isUntrusted(text, code)) return untrusted(typeof code === 'string' ? code : 'certificate');
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID' || OTHER_NAME.test(text) ? otherName() : undefined;
}

function refusal(proxy: string, target: string, status: number): WireTrouble {
  const what = `got no answer: the proxy ${proxy} does not connect us to ${target} (status ${status})`;
  if (status === 407) return { kind: 'denied', what, advice: 'give the user name and password in proxy' };
  if (status >= 500) return { kind: 'unreachable', what };
  return { kind: 'denied', what, advice: 'allow it there, or name the host in no_proxy' };
}

function isUntrusted(text: string, code: unknown): boolean {
  return (typeof code === 'string' && UNTRUSTED.has(code)) || UNTRUSTED_WORDS.test(text);
}

function untrusted(code: string): WireTrouble {
  return {
    kind: 'misconfigured',
    what: `was answered with a certificate that nobody we trust has signed (${code})`,
    advice: 'name the authority that signed it in ca_file',
  };
}

function otherName(): WireTrouble {
  const what = 'was answered with a certificate of another name';
  return { kind: 'misconfigured', what, advice: 'check the host of endpoint, and what stands between' };
}
