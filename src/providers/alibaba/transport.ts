import { request as askPlain } from 'node:http';
import { request as askTls, type RequestOptions } from 'node:https';
import { stringify } from 'node:querystring';
import type * as Core from '@alicloud/openapi-core';
import type { Agents } from '../../kit/agents.ts';

const LARGEST_ANSWER = 64 * 1024 * 1024;

type Sdk = Core.default;
type Params = Parameters<Sdk['callApi']>[0];
type Request = Parameters<Sdk['callApi']>[1];

/** What of the SDK's client is needed to send a call in its place. */
interface Wire {
  readonly core: typeof Core;
  readonly agents: Agents;
  /** As the SDK has it: `https` and `ims.aliyuncs.com`. */
  readonly protocol: string;
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly credential:
    | { getCredential(): Promise<{ accessKeyId: string; accessKeySecret: string; securityToken: string | undefined }> }
    | undefined;
}

/**
 * The SDK knows neither a proxy nor an agent: its connections are a module's own. Its generated calls go through two methods, and those
 * are replaced on this client; the others would go past the proxy, and are refused. Signature, errors and answers are the SDK's own code.
 */
export function overAgents<T extends Sdk>(client: T, wire: Wire): T {
  return Object.assign(client, {
    callApi: (params: Params, request: Request) => call(params, request, wire),
    doRPCRequest: (...asked: Parameters<Sdk['doRPCRequest']>) => callUnsigned(asked, wire),
    doRequest: refuse,
    doROARequest: refuse,
    doROARequestWithForm: refuse,
    execute: refuse,
  });
}

async function refuse(): Promise<never> {
  throw new TypeError('this call of the SDK would not go through the proxy');
}

async function call(params: Params, request: Request, wire: Wire): Promise<object> {
  const { OpenApiUtil } = wire.core;
  const { method, pathname, authType } = params;
  const body = bodyOf(request, wire.core);
  const hash = OpenApiUtil.hash(Buffer.from(body), ALGORITHM).toString('hex');
  const headers: Record<string, string> = {
    ...headersOf(params.action, params.version, body, wire),
    'x-acs-date': OpenApiUtil.getTimestamp(),
    'x-acs-signature-nonce': OpenApiUtil.getNonce(),
    'x-acs-content-sha256': hash,
  };
  const query = { ...request.query };
  if (authType === 'Anonymous') await refuse();
  await sign({ method, pathname, query, headers }, hash, wire);
  return read(await ask(`${pathname}?${stringify(query)}`, { method, headers }, body, wire), wire.core);
}

/** A token says who calls: the SDK has an older form for these. */
async function callUnsigned(asked: Parameters<Sdk['doRPCRequest']>, wire: Wire): Promise<object> {
  const [action, version, , method, authType, , request] = asked;
  if (authType !== 'Anonymous') await refuse();
  const { OpenApiUtil } = wire.core;
  const body = bodyOf(request, wire.core);
  const stamp = { Timestamp: OpenApiUtil.getTimestamp(), SignatureNonce: OpenApiUtil.getNonce() };
  const query = { Action: action, Format: 'json', Version: version, ...stamp, ...request.query };
  const headers = headersOf(action, version, body, wire);
  return read(await ask(`/?${stringify(query)}`, { method, headers }, body, wire), wire.core);
}

function bodyOf({ body }: Request, { OpenApiUtil }: typeof Core): string {
  return body === undefined || body === null ? '' : OpenApiUtil.toForm(body as object);
}

function headersOf(action: string, version: string, body: string, { core, endpoint }: Wire): Record<string, string> {
  return {
    host: endpoint,
    'x-acs-version': version,
    'x-acs-action': action,
    'user-agent': core.OpenApiUtil.getUserAgent('muster'),
    accept: 'application/json',
    ...(body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
  };
}

const ALGORITHM = 'ACS3-HMAC-SHA256';

/** As the SDK signs: the account of a session is named in two headers more. */
async function sign(
  signed: { method: string; pathname: string; query: Record<string, string>; headers: Record<string, string> },
  hash: string,
  { core, credential }: Wire,
): Promise<void> {
  const keys = await credential?.getCredential();
  if (keys === undefined) throw new TypeError('a call that is signed has credentials');
  const { accessKeyId, accessKeySecret, securityToken } = keys;
  if (securityToken !== undefined && securityToken !== '') {
    signed.headers['x-acs-accesskey-id'] = accessKeyId;
    signed.headers['x-acs-security-token'] = securityToken;
  }
  const { OpenApiUtil } = core;
  // It reads these four fields of the SDK's own request, and no others.
  const request = signed as unknown as Parameters<typeof OpenApiUtil.getAuthorization>[0];
  signed.headers['Authorization'] = OpenApiUtil.getAuthorization(
    request,
    ALGORITHM,
    hash,
    accessKeyId,
    accessKeySecret,
  );
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

function ask(path: string, options: RequestOptions, body: string, wire: Wire): Promise<Answer> {
  const isTls = wire.protocol === 'https';
  const { hostname, port, pathname } = new URL(`${wire.protocol}://${wire.endpoint}`);
  const where = {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    path: `${pathname.replace(/\/$/, '')}${path}`,
    agent: isTls ? wire.agents.https : wire.agents.http,
    timeout: wire.timeoutMs,
  };
  return new Promise((resolve, reject) => {
    const request = (isTls ? askTls : askPlain)({ ...options, ...where }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > LARGEST_ANSWER) response.destroy(new RangeError('the answer is too large'));
      });
      response.on('error', reject);
      response.on('aborted', () => reject(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
      response.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(response.headers).map(([key, value]) => [key, String(value)]),
        );
        resolve({ status: response.statusCode ?? 0, headers, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.on('timeout', () => request.destroy(Object.assign(new Error('timeout'), { name: 'RequestTimeoutError' })));
    request.on('error', reject);
    request.end(body);
  });
}

interface ServiceError {
  readonly Code?: unknown;
  readonly Message?: unknown;
  readonly RequestId?: unknown;
}

/** The SDK's own errors, so that nobody behind this sees a difference. */
function read({ status, headers, text }: Answer, core: typeof Core): object {
  const body = JSON.parse(text) as object; // something that is no JSON is a SyntaxError in the SDK too
  if (status < 400) return { body, headers, statusCode: status };
  const { Code, Message, RequestId } = body as ServiceError;
  const code = String(Code);
  const told = {
    statusCode: status,
    code,
    message: `code: ${status}, ${String(Message)} request id: ${String(RequestId)}`,
  };
  const { ThrottlingError, ClientError, ServerError } = core;
  if (code.includes('Throttling')) {
    throw new ThrottlingError({ ...told, retryAfter: core.OpenApiUtil.getThrottlingTimeLeft(headers) });
  }
  throw status < 500 ? new ClientError(told) : new ServerError(told);
}
