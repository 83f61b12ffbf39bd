import { readFile } from 'node:fs/promises';
import { Fault } from '../../domain/fault.ts';

/** Node's SDK, tccli and Terraform each call the session token by another name. */
const TOKEN_NAMES = ['TENCENTCLOUD_SESSION_TOKEN', 'TENCENTCLOUD_TOKEN', 'TENCENTCLOUD_SECURITY_TOKEN'];

/** The one place of this folder that reads the environment and files: what tools of Tencent Cloud find there. */
export function environmentKeys(environment: NodeJS.ProcessEnv = process.env) {
  const secretId = environment['TENCENTCLOUD_SECRET_ID'];
  const secretKey = environment['TENCENTCLOUD_SECRET_KEY'];
  if (!secretId || !secretKey) return undefined;
  const token = TOKEN_NAMES.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
  return { secretId, secretKey, token };
}

/** What TKE tells a pod about its role. */
export function clusterRole(environment: NodeJS.ProcessEnv = process.env) {
  return {
    role: environment['TKE_ROLE_ARN'],
    providerId: environment['TKE_PROVIDER_ID'],
    tokenFile: environment['TKE_WEB_IDENTITY_TOKEN_FILE'],
    region: environment['TKE_REGION'],
  };
}

/** Read at each use: the cluster puts a new token there every hour. */
export async function readTokenFile(path: string, subject: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new Fault('denied', `${subject}: the token file that auth.oidc names cannot be read`, { cause });
  }
}
