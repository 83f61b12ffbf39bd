import { Fault } from '../../../domain/fault.ts';
import type { Instant } from '../../../domain/instant.ts';
import { ROOT_NAME } from '../model.ts';
import { settle } from '../report-machine.ts';
import type { World } from '../world.ts';
import {
  changePassword,
  disableConsole,
  disableMfa,
  enableConsole,
  enableMfa,
  usePassword,
} from './console-changes.ts';
import {
  createCertificate,
  createServiceCredential,
  deleteCertificate,
  deleteServiceCredential,
  switchCertificate,
  switchServiceCredential,
} from './credential-changes.ts';
import { activateKey, createKey, deactivateKey, deleteKey, rotateKey, useKey } from './key-changes.ts';
import type { Change, Made, Mutation, Scene } from './scene.ts';
import { createUser, deleteUser, renameUser, tagUser } from './user-changes.ts';

const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['create_user', createUser],
  ['delete_user', deleteUser],
  ['rename_user', renameUser],
  ['tag_user', tagUser],
  ['create_key', createKey],
  ['delete_key', deleteKey],
  ['rotate_key', rotateKey],
  ['activate_key', activateKey],
  ['deactivate_key', deactivateKey],
  ['use_key', useKey],
  ['enable_console', enableConsole],
  ['disable_console', disableConsole],
  ['change_password', changePassword],
  ['use_password', usePassword],
  ['enable_mfa', enableMfa],
  ['disable_mfa', disableMfa],
  ['create_cert', createCertificate],
  ['delete_cert', deleteCertificate],
  ['activate_cert', switchCertificate(true)],
  ['deactivate_cert', switchCertificate(false)],
  ['create_service_credential', createServiceCredential],
  ['delete_service_credential', deleteServiceCredential],
  ['activate_service_credential', switchServiceCredential(true)],
  ['deactivate_service_credential', switchServiceCredential(false)],
  ['set_report_form', setReportForm],
]);

/** The root's own words for the same changes. */
const ROOT_CHANGES: ReadonlyMap<string, string> = new Map([
  ['use_root', 'use_password'],
  ['enable_root_console', 'enable_console'],
  ['disable_root_console', 'disable_console'],
  ['change_root_password', 'change_password'],
  ['enable_root_mfa', 'enable_mfa'],
  ['disable_root_mfa', 'disable_mfa'],
  ['create_root_key', 'create_key'],
  ['delete_root_key', 'delete_key'],
  ['activate_root_key', 'activate_key'],
  ['deactivate_root_key', 'deactivate_key'],
  ['use_root_key', 'use_key'],
]);

/** The only way to change the world: the report that may be finished is settled first, and the history is written. */
export function mutate(world: World, mutation: Mutation, at: Instant = world.clock.now()): Made {
  const account = world.accounts.get(mutation.account);
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${mutation.account}`);
  const forRoot = ROOT_CHANGES.get(mutation.do);
  const change = CHANGES.get(forRoot ?? mutation.do);
  if (change === undefined) throw new Fault('misconfigured', `${mutation.do}: ${[...changeNames()].join(', ')}`);
  settle(world, account);
  return change({ world, account, at, mutation: forRoot === undefined ? mutation : { ...mutation, user: ROOT_NAME } });
}

function changeNames(): Iterable<string> {
  return [...CHANGES.keys(), ...ROOT_CHANGES.keys()];
}

function setReportForm({ account, mutation }: Scene): Made {
  if (mutation.form === 'old' || mutation.form === 'live') account.reportForm = mutation.form;
  if (mutation.extra_column !== undefined) account.extraColumn = mutation.extra_column;
  return {};
}

/** From the control plane's JSON. */
export function parseMutation(given: unknown): Mutation {
  if (typeof given !== 'object' || given === null) throw new Fault('misconfigured', 'a mutation must be an object');
  const { account, do: action, extra_column: extra, ...texts } = given as Record<string, unknown>; // an object, as seen
  if (typeof account !== 'string' || typeof action !== 'string')
    throw new Fault('misconfigured', 'a mutation needs `account` and `do`');
  for (const [name, text] of Object.entries(texts)) {
    if (!TEXTS.has(name) || typeof text !== 'string') throw new Fault('misconfigured', `${name}: not expected`);
  }
  return { account, do: action, ...texts, ...(typeof extra === 'boolean' ? { extra_column: extra } : {}) };
}

const TEXTS = new Set([
  'user',
  'key_id',
  'path',
  'to',
  'service',
  'region',
  'expires_at',
  'status',
  'form',
  'tag',
  'value',
]);
