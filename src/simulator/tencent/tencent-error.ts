/** An error as Tencent Cloud words it: HTTP 200, and a code in the body. */
export class TencentError extends Error {
  readonly code: string;

  constructor(code: string, said: string) {
    super(said);
    this.name = 'TencentError';
    this.code = code;
  }
}

export function notAuthorized(action: string): TencentError {
  return new TencentError(
    'UnauthorizedOperation',
    `you are not authorized to perform operation (${action}) resource (*) has no permission`,
  );
}

export function invalidAction(action: string): TencentError {
  return new TencentError('InvalidAction', `The request action=\`${action}\` is invalid.`);
}
