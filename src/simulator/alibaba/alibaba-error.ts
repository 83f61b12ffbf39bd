/** An error as Alibaba Cloud words it. */
export class AlibabaError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, said: string, headers: Readonly<Record<string, string>> = {}) {
    super(said);
    this.name = 'AlibabaError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function noPermission(action: string): AlibabaError {
  return new AlibabaError(403, 'NoPermission', `You are not authorized to do this action. Action: ${action}`);
}

export function notExist(what: string): AlibabaError {
  return new AlibabaError(404, `EntityNotExist.${what}`, `The ${what} does not exist.`);
}
