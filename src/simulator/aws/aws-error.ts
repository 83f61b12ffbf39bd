/** An error as AWS words it. `said` is absent where the real service sends no message. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly said: string | undefined;

  constructor(status: number, code: string, said?: string) {
    super(said ?? code);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.said = said;
  }
}

export function accessDenied(arn: string, action: string, resource?: string): AwsError {
  const on = resource === undefined ? '' : ` on resource: ${resource}`;
  return new AwsError(403, 'AccessDenied', `User: ${arn} is not authorized to perform: ${action}${on}`);
}

export function validationError(constraint: string): AwsError {
  return new AwsError(400, 'ValidationError', constraint);
}

export function noSuchUser(name: string): AwsError {
  return new AwsError(404, 'NoSuchEntity', `The user with name ${name} cannot be found.`);
}
