import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AwsCall {
  readonly action: string;
  readonly form: URLSearchParams;
  readonly userAgent: string;
  /** Of the credentials that signed it. */
  readonly accessKeyId: string;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `hang` never answers, `reset` closes the connection. */
  readonly how?: 'hang' | 'reset';
}

/** IAM and STS on loopback, on the real wire: what an action is answered is set by the test; the last answer stays. */
export interface ScriptedAws {
  readonly url: string;
  readonly calls: readonly AwsCall[];
  answer(action: string, ...answers: ScriptedAnswer[]): void;
  close(): Promise<void>;
}

export async function scriptedAws(): Promise<ScriptedAws> {
  const answers = new Map<string, ScriptedAnswer[]>();
  const calls: AwsCall[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const form = new URLSearchParams(body);
      const action = form.get('Action') ?? '';
      const accessKeyId = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      calls.push({ action, form, userAgent: request.headers['user-agent'] ?? '', accessKeyId });
      const script = answers.get(action) ?? [];
      const [answer = { status: 500 }] = script.length > 1 ? script.splice(0, 1) : script;
      send(answer, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answer: (action, ...script) => void answers.set(action, script),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function ok(action: string, result: string): ScriptedAnswer {
  const body = `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r-${action}</RequestId></ResponseMetadata></${action}Response>`;
  return { body, headers: { 'x-amzn-requestid': `r-${action}` } };
}

/** AWS sends no message with some of its errors, so none is sent here. */
export function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer {
  return {
    status,
    headers,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code></Error><RequestId>r</RequestId></ErrorResponse>`,
  };
}

export function role(accessKeyId: string, expiration: Date): ScriptedAnswer {
  const keys = `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>`;
  return ok(
    'AssumeRole',
    `<Credentials>${keys}<Expiration>${expiration.toISOString()}</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>x</AssumedRoleId><Arn>x</Arn></AssumedRoleUser>`,
  );
}

function send({ how, status = 200, body = '', headers = {} }: ScriptedAnswer, response: ServerResponse): void {
  if (how === 'hang') return;
  if (how === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/xml', ...headers }).end(body);
}
