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
 * The SDK knows neither a proxy nor an agent: its connections are a module's own. All its generated calls go through `callApi`, so that
 * one is replaced on this client. Signature, errors and answers are the SDK's own code.
 */
export function overAgents<T extends Sdk>(client: T, wire: Wire): T {
  return Object.assign(client, { callApi: (params: Params, request: Request) => call(params, request, wire) });
}

async function call(params: Params, request: Request, wire: Wire): Promise<object> {
  const { OpenApiUtil } = wire.core;
  const body = request.body === undefined || request.body === null ? '' : OpenApiUtil.toForm(request.body as object);
  const query = { ...request.query, ...(params.authType === 'Anonymous' ? { Format: 'json' } : {}) };
  const hash = OpenApiUtil.hash(Buffer.from(body), ALGORITHM).toString('hex');
  const headers: Record<string, string> = {
    host: wire.endpoint,
    'x-acs-version': params.version ?? '',
    'x-acs-action': params.action ?? '',
    'user-agent': OpenApiUtil.getUserAgent('muster'),
    'x-acs-date': OpenApiUtil.getTimestamp(),
    'x-acs-signature-nonce': OpenApiUtil.getNonce(),
    'x-acs-content-sha256': hash,
    accept: 'application/json',
    ...(body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
  };
  const { method, pathname } = params;
  if (params.authType !== 'Anonymous') await sign({ method, pathname, query, headers }, hash, wire);
  const path = `${pathname}?${stringify(query)}`;
  const answer = await ask(path, { method, headers }, body, wire);
  return read(answer, wire.core);
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
